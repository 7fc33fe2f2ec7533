"""Pathways: who receives what in a municipality, what is missing there now, and who can be reached. Reads files only; knows no person."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request

from sos.console.house import House
from sos.console.shell import page
from sos.referrals.pathways.check import Finding, Lack, check, receivers
from sos.referrals.pathways.files import Pathway, Role, Seat

LACKS = {
    Lack.EMPTY: "nobody fills this seat",
    Lack.CLOSED_NOW: "closed now; the night number answers",
    Lack.NO_NIGHT: "closed now, and nobody to call outside hours",
    Lack.UNPROVED: "nobody has called this contact for 90 days",
    Lack.NO_GATEKEEPER: "nobody through whom a shelter may be entered now",
    Lack.NO_COORDINATOR: "the mechanism has no coordinator",
}
ROLES = {
    Role.CENTRE_FOR_SOCIAL_WORK: "Centre for Social Work",
    Role.VICTIMS_ADVOCATE: "Advocate in proceedings",
    Role.HEALTH: "Health",
    Role.POLICE_UNIT: "Police unit",
    Role.NGO: "Non-governmental organisation",
    Role.PROSECUTOR: "Prosecutor",
    Role.EDUCATION: "Education",
    Role.EMPLOYMENT: "Employment",
}
GRAVE = frozenset({Lack.EMPTY, Lack.NO_NIGHT, Lack.NO_GATEKEEPER})


@dataclass(frozen=True, slots=True)
class Standing:
    """One municipality in the list."""

    pathway: Pathway
    name: str
    found: tuple[Finding, ...]

    @property
    def grave(self) -> int:
        return sum(one.lack in GRAVE for one in self.found)


def blueprint(house: House) -> Blueprint:
    """`/staff/pathways` and `/staff/pathways/<municipality>`."""
    door = Blueprint("pathways", __name__)

    @door.get("/staff/pathways")
    def show() -> Response:
        pathways = house.rooms.pathways
        found = [_standing(house, one) for one in pathways.by_municipality.values()]
        found.sort(key=lambda one: (-one.grave, -len(one.found), one.name))
        return page("pathways/list.html", standing=found, problems=pathways.problems, lacks=LACKS, roles=ROLES)

    @door.get("/staff/pathways/<municipality>")
    def one(municipality: str) -> Response:
        pathway = house.rooms.pathways.by_municipality.get(municipality)
        if pathway is None:
            abort(HTTPStatus.NOT_FOUND)
        now = house.clock.now().astimezone(_zone(house, pathway))
        categories = {slug: kind.label for slug, kind in house.rooms.categories.by_slug.items()}
        category = request.args.get("category", "")
        seats = receivers(pathway, category, now) if category in categories else _reachable_first(pathway, now)
        return page(
            "pathways/one.html",
            standing=_standing(house, pathway),
            pathway=pathway,
            seats=[(seat, seat.open_at(now)) for seat in seats],
            category=category if category in categories else "",
            categories={slug: label for slug, label in categories.items() if any(slug in seat.receives for seat in pathway.seats)},
            lacks=LACKS,
            roles=ROLES,
            clock=now,
        )

    return door


def _standing(house: House, pathway: Pathway) -> Standing:
    place = house.rooms.gazetteer.place(pathway.municipality)
    now = house.clock.now().astimezone(_zone(house, pathway))
    found = sorted(check(pathway, now), key=lambda one: one.lack not in GRAVE)
    return Standing(pathway, place.name if place else pathway.municipality, tuple(found))


def _zone(house: House, pathway: Pathway) -> ZoneInfo:
    return house.rooms.jurisdictions.zone(pathway.country)


def _reachable_first(pathway: Pathway, now: datetime) -> list[Seat]:
    seats = [seat for seat in pathway.seats if seat.office]
    return sorted(seats, key=lambda seat: (not seat.open_at(now), not seat.night))
