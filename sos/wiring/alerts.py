"""Alerts with what hangs on them: paging, check-ins, questionnaires, the hand-off card. Wiring only: decides nothing."""

from functools import cached_property

from sos.alerts.actions import Alerts
from sos.alerts.book import Book
from sos.alerts.check_ins.actions import CheckIns
from sos.alerts.escalation.policies import Policies
from sos.alerts.escalation.staffing import Staffing
from sos.alerts.hand_off.actions import HandOff
from sos.alerts.queries import Reading
from sos.alerts.risk.actions import Risk
from sos.alerts.risk.questionnaire import Questionnaires
from sos.db.database import Unit
from sos.staff.reach.states import Fate
from sos.wiring.staff import StaffRooms


class AlertRooms(StaffRooms):
    """Rooms of alerts."""

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(
            self.keystore,
            self.audit,
            roster=Staffing(),
            pager=self.reach,
            herald=lambda: self.herald,
            policies=Policies(self.config / "escalation"),
            closing=self.closed,
        )

    @cached_property
    def check_ins(self) -> CheckIns:
        return CheckIns(self.survivors, self.alerts, self.tasks, self.audit)

    @cached_property
    def book(self) -> Book:
        return Book(self.keystore, self.audit)

    @cached_property
    def risk(self) -> Risk:
        questionnaires = Questionnaires.load(self.config / "questionnaires")
        return Risk(questionnaires, self.book, self.survivors, self.alerts, self.audit)

    @cached_property
    def hand_off(self) -> HandOff:
        return HandOff(self.book, self.alerts, self.tasks, self.audit)

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.keystore, self.audit)

    def staff_fared(self, unit: Unit, outbox_id: str, way_id: str, fate: Fate) -> None:
        """What became of a message to a member of the staff: her way's health, and the alert of a page that arrived."""
        self.reach.fared(unit, way_id, fate)
        if fate is Fate.DELIVERED:
            self.alerts.paging.delivered(unit, outbox_id)
