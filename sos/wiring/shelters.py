"""Shelters: units, holds, asks, confirmations, safety plans, the alarm of a house, reveal. Wiring only: decides nothing."""

from functools import cached_property

from sos.alerts.book import survivor_of
from sos.alerts.house_alarm import HouseAlarm
from sos.safety_plans.actions import SafetyPlans
from sos.safety_plans.calling import HouseCaller
from sos.safety_plans.lockdown import Lockdowns
from sos.safety_plans.notices import PlanNotices
from sos.safety_plans.queries import PlanReading
from sos.safety_plans.templates import Templates
from sos.safety_plans.vocabulary import Vocabulary
from sos.shelters.asks.actions import Asks
from sos.shelters.confirming.actions import Confirming
from sos.shelters.confirming.queries import own_fresh_hours, settings_of
from sos.shelters.holds.actions import Holds
from sos.shelters.messenger import StaffPhones
from sos.shelters.reveal import Reveal
from sos.shelters.units.actions import Units
from sos.wiring.alerts import AlertRooms


class ShelterRooms(AlertRooms):
    """Rooms of shelters."""

    @cached_property
    def units(self) -> Units:
        return Units(
            lambda: self.keystore.place_key,
            lambda: self.vault,
            self.audit,
            today=lambda unit: unit.now.astimezone(self.jurisdictions.zone(None)).date(),
            fresh_hours=lambda conn, service_id: own_fresh_hours(conn, self.keystore.place_key, service_id),
        )

    @cached_property
    def holds(self) -> Holds:
        return Holds(lambda: self.keystore.place_key, self.units, self.audit, ended=self.hold_ended)

    @cached_property
    def staff_phones(self) -> StaffPhones:
        return StaffPhones(self.reach, self.tasks, survivor_of)

    @cached_property
    def confirming(self) -> Confirming:
        zone = lambda: self.jurisdictions.zone(None)  # noqa: E731
        return Confirming(lambda: self.keystore.place_key, self.units, self.staff_phones, self.audit, zone=zone)

    @cached_property
    def asks(self) -> Asks:
        return Asks(
            lambda: self.keystore.place_key,
            self.holds,
            self.staff_phones,
            self.audit,
            gatekept=lambda conn, service_id: bool(settings_of(conn, self.keystore.place_key, service_id).gatekeeper.name),
        )

    @cached_property
    def checklists(self) -> Templates:
        return Templates.load_good(self.config / "checklists")

    @cached_property
    def safety_plans(self) -> SafetyPlans:
        words = Vocabulary.load_good(self.config / "checklists", self.checklists)
        return SafetyPlans(self._place_key, lambda: self.checklists, lambda: words, PlanNotices(self.tasks, self.reach), self.audit)

    @cached_property
    def plan_reading(self) -> PlanReading:
        return PlanReading(self._place_key, lambda: self.checklists)

    @cached_property
    def lockdowns(self) -> Lockdowns:
        return Lockdowns(self._place_key, HouseCaller(self.reach), self.audit)

    @cached_property
    def house_alarm(self) -> HouseAlarm:
        return HouseAlarm(self.keystore, self.alerts, self.book)

    @cached_property
    def reveal(self) -> Reveal:
        return Reveal(self.keystore.place_key, self.audit)
