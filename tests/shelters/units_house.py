"""A shelter with units, for tests: on the real vault and both databases."""

from dataclasses import dataclass
from datetime import date

from sos.audit.actions import Audit
from sos.db.database import Database
from sos.directory.entries import HiddenEntry
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from sos.shelters.holds.actions import Holds, UnitNeed
from sos.shelters.units.actions import Units
from sos.shelters.units.card import UnitCard
from sos.shelters.units.states import UnitKind
from tests.directory.builders import a_place, a_service

FAMILY, SINGLE = UnitNeed(UnitKind.FAMILY_ROOM), UnitNeed(UnitKind.SINGLE)
ANA = "a" * 32


@dataclass
class House:
    """One confidential shelter: F1, F2 family rooms (boys up to 12), S1 a single room."""

    database: Database
    keystore: Keystore
    service_id: str
    units: Units
    holds: Holds
    vault: Vault


def a_house_with_units(database: Database, keystore: Keystore, *, labels: tuple[str, ...] = ("F1", "F2", "S1")) -> House:
    vault, audit = Vault(keystore.place_key), Audit(keystore.audit_key)
    units = Units(lambda: keystore.place_key, lambda: vault, audit, today=lambda unit: unit.now.date())
    house = House(database, keystore, "", units, Holds(lambda: keystore.place_key, units, audit), vault)
    service = a_service(1, name="House", category="shelter", places=(a_place(1),))
    house.service_id = service.id
    with database.write() as unit:
        vault.keep(unit, HiddenEntry(service, front_gate="+383 44 000 101"))
        for label in labels:
            units.add(unit, service.id, a_card(label), by=ANA)
    return house


def a_card(label: str, **more: object) -> UnitCard:
    kind = next(kind for kind in UnitKind if kind.code == label[0])
    boys = 12 if kind is UnitKind.FAMILY_ROOM else None
    return UnitCard(**{"label": label, "kind": kind, "boys_until_age": boys} | more)  # type: ignore[arg-type]


def day(text: str) -> date:
    return date.fromisoformat(text)
