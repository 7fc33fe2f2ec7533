"""A night in many confidential houses: rooms opened, counted, broken, held, taken up; asks that leave, are answered, declined and end."""

import random
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.deadlines.actions import fire_due
from sos.directory.entries import HiddenEntry
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from sos.shelters.asks import actions as asking
from sos.shelters.asks.actions import Asks
from sos.shelters.asks.states import Need, No
from sos.shelters.confirming import actions as confirming
from sos.shelters.confirming.actions import Confirming
from sos.shelters.confirming.settings import Gatekeeper, ShelterSettings
from sos.shelters.holds.actions import Holds, UnitNeed
from sos.shelters.units.actions import Units
from sos.shelters.units.states import UnitKind
from tests.shelters.units_house import ANA, a_card

NEED = Need(UnitKind.FAMILY_ROOM)


class Silent:
    """Nobody's telephone rings; (shelter, ask) of what would have left."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def ask(self, unit: Unit, service_id: str, ask_id: str, code: str, need: Need) -> None:
        self.asked.append((service_id, ask_id))

    def question(self, unit: Unit, service_id: str, code: str, empty: Mapping[UnitKind, int]) -> int:
        return 0

    def not_needed(self, unit: Unit, service_id: str, code: str) -> None: ...
    def found(self, unit: Unit, case: str, round_id: str) -> None: ...
    def nobody(self, unit: Unit, case: str, round_id: str) -> None: ...
    def group_refused(self, unit: Unit, ask_id: str) -> None: ...


def live_in(database: Database, keystore: Keystore, clock: ManualClock, entries: list[HiddenEntry]) -> list[str]:
    """Every table of the houses has rows afterwards. Returns the ids of the houses."""
    vault, audit, phones = Vault(keystore.place_key), Audit(keystore.audit_key), Silent()
    units = Units(lambda: keystore.place_key, lambda: vault, audit, today=lambda unit: unit.now.date())
    holds = Holds(lambda: keystore.place_key, units, audit)
    asks = Asks(lambda: keystore.place_key, holds, phones, audit, chance=random.Random(3))
    words = Confirming(lambda: keystore.place_key, units, phones, audit, zone=lambda: ZoneInfo("Europe/Belgrade"), chance=random.Random(4))
    houses = [entry.service.id for entry in entries]
    with database.write() as unit:
        for entry in entries:
            vault.keep(unit, entry)
            for label in ("F1", "F2", "S1"):
                units.add(unit, entry.service.id, a_card(label), by=ANA)
            words.choose(
                unit, entry.service.id, ShelterSettings(5, 22, 7, Gatekeeper("Centre for Social Work", "day", "night desk")), by=ANA
            )
            words.confirm(unit, entry.service.id, {UnitKind.SINGLE: 0}, by=ANA, via="sms")
            words.ask(unit, entry.service.id)
            until = unit.now + timedelta(hours=1)
            holds.hold(unit, entry.service.id, UnitNeed(UnitKind.FAMILY_ROOM), case="d" * 32, until=until, by=ANA)
        asks.begin(unit, case="c" * 32, need=NEED, rings=[houses], by=ANA)
    clock.advance(seconds=91)
    handlers = {
        asking.SEND: asks.fire_send,
        asking.TIMEOUT: asks.fire_timeout,
        asking.THANKS: asks.fire_thanks,
        confirming.KIND: words.fire,
    }
    while fire_due(database, handlers):
        pass
    (refusing, refused), (taking, taken) = phones.asked[:2]
    with database.write() as unit:
        asks.say_no(unit, refusing, refused, No.FULL, by=ANA)
        asks.say_yes(unit, taking, taken, by=ANA)
    return houses
