"""Confidential houses with rooms and staff who are signed in, for tests of the pages of beds and asks."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from sos.deadlines.actions import fire_due
from sos.directory.entries import HiddenEntry
from sos.factory import House
from sos.shelters.confirming.settings import Gatekeeper, ShelterSettings
from sos.shelters.units import queries as units
from sos.shelters.units.states import UnitState
from sos.staff.members.states import Role
from sos.worker.schedule import handlers
from tests.console.signed_in import add_member, sign_in
from tests.directory.builders import a_place, a_service
from tests.shelters.units_house import a_card

CENTRE = Gatekeeper("Centre for Social Work", "day desk 101", "night desk 102")


@dataclass
class Staffed:
    """One house: its id, one member of its staff and her browser."""

    service_id: str
    member: str
    browser: FlaskClient


def staffed(app: Flask, n: int, *labels: str, gatekeeper: Gatekeeper | None = None, name: str = "") -> Staffed:
    """A confidential house in the vault with these units, confirmed just now."""
    house: House = app.extensions["sos"]
    rooms = house.rooms
    service = a_service(n, name=name or f"House {n}", category="shelter", places=(a_place(n),))
    member = add_member(rooms, alias=f"Drita {n}", roles=(Role.SHELTER_STAFF,), service_id=service.id)
    with house.database.write() as unit:
        rooms.vault.keep(unit, HiddenEntry(service, front_gate="+383 44 000 101", published_area=("XK",)))
        for label in labels or ("F1", "F2", "S1"):
            rooms.units.add(unit, service.id, a_card(label), by=member)
        rooms.confirming.choose(unit, service.id, ShelterSettings(gatekeeper=gatekeeper or Gatekeeper()), by=member)
        rooms.confirming.confirm(unit, service.id, {}, by=member, via="page")
    return Staffed(service.id, member, sign_in(app, member))


def states(house: House, one: Staffed) -> dict[str, UnitState]:
    with house.database.read() as conn:
        return {unit.card.label: unit.state for unit in units.kept(conn, house.keystore.place_key, one.service_id)}


def fires(house: House) -> None:
    """What is due happens."""
    while fire_due(house.database, handlers(house.rooms)):
        pass
