"""HSDS 3.1 over HTTP under /api/v1, read only.

Public services alone: a confidential one is not in what this door reads, neither as a row nor in a count. Numbers of free places are the last
confirmed ones, without holds. Never sets a cookie, never lets an answer be stored.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection

from sos.directory.categories import Categories
from sos.directory.entries import OrganisationEntry, PlaceEntry, ServiceEntry
from sos.directory.exchange import hsds_out
from sos.directory.exchange.cleaning import telling
from sos.directory.matching.live import LiveIndex

PROFILE = "https://docs.openreferral.org/en/v3.1/"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.1-dev/schema/openapi.json"
PREFIX = "/api/v1"
MOST_A_PAGE = 100
_TRUE, _FALSE = frozenset({"true", "1", "yes", ""}), frozenset({"false", "0", "no"})


class Refused(Exception):
    """A request that is answered with one JSON error."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@dataclass(frozen=True, slots=True)
class Directory:
    """What the door reads from. `live` holds public services alone."""

    read: Callable[[], AbstractContextManager[Connection]]
    live: Callable[[], LiveIndex]
    categories: Callable[[], Categories]

    def services(self) -> tuple[ServiceEntry, ...]:
        """All public services by id."""
        with self.read() as conn:
            return self.live().snapshot(conn).services


def blueprint(directory: Directory) -> Blueprint:
    """The routes of the door. Endpoints are `hsds.<name of the view>`; all are GET."""
    door, views = Blueprint("hsds", __name__, url_prefix=PREFIX), _Views(directory)
    for rule, view in (
        ("/", views.about),
        ("/services", views.services),
        ("/services/<own>", views.service),
        ("/organizations", views.organizations),
        ("/organizations/<own>", views.organization),
        ("/service_at_locations", views.service_at_locations),
        ("/service_at_locations/<own>", views.service_at_location),
        ("/taxonomies", views.taxonomies),
        ("/taxonomies/<own>", views.taxonomy),
        ("/taxonomy_terms", views.taxonomy_terms),
        ("/taxonomy_terms/<own>", views.taxonomy_term),
    ):
        door.add_url_rule(rule, endpoint=view.__name__, view_func=view)
    door.register_error_handler(Refused, lambda error: _answer({"error": error.why}, error.status))
    return door


class _Views:
    """One method for each route; `own` is an id."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def about(self) -> Response:
        return _answer({"version": "3.1", "profile": PROFILE, "openapi_url": OPENAPI})

    def services(self) -> Response:
        categories, full, minimal = self._directory.categories(), _flag("full"), _flag("minimal")
        found = [entry for entry in self._directory.services() if _suits(entry, categories)]
        return _page(found, lambda entry: _shown(entry, categories, full=full, minimal=minimal))

    def service(self, own: str) -> Response:
        entry = _one((one for one in self._directory.services() if one.id == own), "service")
        return _answer(hsds_out.service(entry, self._directory.categories()))

    def organizations(self) -> Response:
        categories = self._directory.categories()
        suiting = [entry for entry in self._directory.services() if _in_term(entry, categories)]
        found = [one for one in _organisations(suiting) if _named(one.name, one.description)]
        held = _by_organisation(suiting) if _flag("full") or _flag("full_service") else {}
        return _page(found, lambda one: _with_services(one, held, categories))

    def organization(self, own: str) -> Response:
        everything = self._directory.services()
        found = _one((one for one in _organisations(everything) if one.id == own), "organization")
        return _answer(_with_services(found, _by_organisation(everything), self._directory.categories()))

    def service_at_locations(self) -> Response:
        if "proximity" in request.args:
            raise Refused(HTTPStatus.BAD_REQUEST, "proximity is not offered")
        categories, full, postcode = self._directory.categories(), _flag("full"), request.args.get("postcode", "").strip()
        suiting = (entry for entry in self._directory.services() if _suits(entry, categories))
        pairs = [(entry, place) for entry in suiting for place in entry.places if not postcode or place.postal_code == postcode]
        return _page(pairs, lambda pair: _at_location(pair[0], pair[1], categories, full=full))

    def service_at_location(self, own: str) -> Response:
        pairs = ((entry, place) for entry in self._directory.services() for place in entry.places if place.id == own)
        entry, place = _one(pairs, "service_at_location")
        return _answer(_at_location(entry, place, self._directory.categories(), full=True))

    def taxonomies(self) -> Response:
        return _page([hsds_out.TAXONOMY] if _named(hsds_out.TAXONOMY["name"]) else [], dict)

    def taxonomy(self, own: str) -> Response:
        return _answer(_one((one for one in (hsds_out.TAXONOMY,) if one["id"] == own), "taxonomy"))

    def taxonomy_terms(self) -> Response:
        ours = request.args.get("taxonomy_id", hsds_out.TAXONOMY["id"]) == hsds_out.TAXONOMY["id"] and not request.args.get("parent_id")
        return _page([one for one in self._terms() if ours and _named(one["name"], one["code"])], dict)

    def taxonomy_term(self, own: str) -> Response:
        return _answer(_one((one for one in self._terms() if own in (one["id"], one["code"])), "taxonomy_term"))

    def _terms(self) -> list[dict[str, Any]]:
        return [hsds_out.term(one.slug, one.label) for one in self._directory.categories().offered()]


def _answer(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _page(found: list[Any], show: Callable[[Any], Any]) -> Response:
    if request.args.get("format", "json") != "json":
        raise Refused(HTTPStatus.BAD_REQUEST, "format: only json is offered")
    number, size = _whole("page", 1), _whole("per_page", 50, most=MOST_A_PAGE)
    shown = [show(one) for one in found[(number - 1) * size : number * size]]
    return _answer(hsds_out.page(shown, total=len(found), number=number, size=size))


def _shown(entry: ServiceEntry, categories: Categories, *, full: bool, minimal: bool) -> dict[str, Any]:
    if minimal:
        return {"id": entry.id, "name": entry.name, "status": entry.status.value, "description": entry.description}
    return hsds_out.service(entry, categories, full=full)


def _at_location(entry: ServiceEntry, place: PlaceEntry, categories: Categories, *, full: bool) -> dict[str, Any]:
    return hsds_out.service_at_location(entry, place) | {"service": hsds_out.service(entry, categories, full=full)}


def _organisations(entries: Iterable[ServiceEntry]) -> list[OrganisationEntry]:
    return sorted({entry.organisation.id: entry.organisation for entry in entries}.values(), key=lambda one: one.id)


def _by_organisation(entries: Iterable[ServiceEntry]) -> dict[str, list[ServiceEntry]]:
    held: dict[str, list[ServiceEntry]] = {}
    for entry in entries:
        held.setdefault(entry.organisation.id, []).append(entry)
    return held


def _with_services(one: OrganisationEntry, held: dict[str, list[ServiceEntry]], categories: Categories) -> dict[str, Any]:
    shown = hsds_out.organisation(one)
    if one.id in held:
        shown["services"] = [hsds_out.service(entry, categories, full=False) for entry in held[one.id]]
    return shown


def _suits(entry: ServiceEntry, categories: Categories) -> bool:
    organisation = request.args.get("organization_id")
    after = _moment("modified_after")
    return (
        _in_term(entry, categories)
        and (organisation is None or entry.organisation.id == organisation)
        and (after is None or (entry.modified_at is not None and entry.modified_at > after))
        and _named(entry.name, entry.description, entry.organisation.name)
    )


def _in_term(entry: ServiceEntry, categories: Categories) -> bool:
    term, taxonomy = request.args.get("taxonomy_term_id"), request.args.get("taxonomy_id")
    if taxonomy is not None and (taxonomy != hsds_out.TAXONOMY["id"] or entry.category not in categories.by_slug):
        return False
    return term is None or (entry.category is not None and term in (entry.category, hsds_out.term_id(entry.category)))


def _named(*texts: str) -> bool:
    wanted = telling([request.args.get("search", "")[:200]]).split()
    said = telling(texts)
    return all(word in said for word in wanted)


def _one(found: Iterable[Any], what: str) -> Any:
    for one in found:
        return one
    raise Refused(HTTPStatus.NOT_FOUND, f"there is no such {what}")


def _whole(name: str, default: int, *, most: int = 1_000_000) -> int:
    text = request.args.get(name, str(default)).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10) or not 1 <= int(text) <= most:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{name}: say a whole number from 1 to {most}")
    return int(text)


def _flag(name: str) -> bool:
    text = request.args.get(name, "false").strip().casefold()
    if text not in _TRUE | _FALSE:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{name}: say true or false")
    return text in _TRUE


def _moment(name: str) -> datetime | None:
    text = request.args.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{name}: say a day or moment like 2026-11-22") from None
    return moment.astimezone(UTC) if moment.tzinfo else datetime.combine(moment.date(), moment.time() or time(), tzinfo=UTC)
