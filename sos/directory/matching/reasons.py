"""Why a service is offered, in codes: the words stand in each language under `reason.<code>`. Pure.

Never names a place she stays away from, and never says more than the public record does.
"""

from collections.abc import Iterator
from datetime import datetime

from sos.directory.entries import PlaceEntry, ServiceEntry
from sos.directory.matching.filters import Moment
from sos.directory.matching.freshness import Freshness, freshness
from sos.directory.matching.hours import Week, next_opening, opening_at
from sos.directory.matching.index import country_of, own_fresh_hours
from sos.directory.matching.wish import Reason, Wish
from sos.directory.states import Cost, Located, Papers

ENGLISH = {
    "near": "{km} km away",
    "near.approximate": "about {km} km away",
    "farther": "farther away",
    "coverage": "works for people from there",
    "coverage.everywhere": "works for people from everywhere",
    "language": "speaks: {languages}",
    "accepts": "accepts: {whom}",
    "children": "children can come along",
    "boys_age": "boys up to {age} can come along",
    "step_free": "no steps",
    "papers.none": "no papers asked",
    "papers.none_listed": "no papers listed as needed",
    "papers.some": "asks for: {papers}",
    "cost.free": "free of charge",
    "open.now": "open until {until}",
    "open.always": "open day and night",
    "open.later": "opens {day} {at}",
    "hours.unknown": "opening hours not known, call first",
    "capacity.free": "{free} free, confirmed {hours} h ago",
    "capacity.call_to_confirm": "room not confirmed lately, call to confirm",
    "gatekeeper": "the way in is through {name}",
    "missing.coverage": "may not work for that municipality",
    "missing.accepts": "does not say that it accepts them",
    "missing.children": "does not say that children can come along",
    "missing.boys_age": "does not say that a boy of this age can come along",
    "missing.step_free": "not known to be without steps",
    "missing.papers": "may ask for papers",
    "missing.language": "does not say that it speaks this language",
    "missing.cost": "may cost something",
    "missing.capacity": "no room at the last word",
    "missing.fresh": "no word about room for a long time, call to confirm",
    "missing.open": "closed now or hours not known",
    "missing.category": "nothing of this kind in the directory",
    "shelter.a_person": "If you need somewhere else to stay, a person can look with you at what is possible, also with children.",
    "trafficking.a_person": "A person who is trained for this can look with you at what is possible.",
    "published_area": "area: {area}",
    "avoid.ask_front_gate": "ask the front gate whether it is far enough from where she must not be",
    "front_gate": "front gate: {contact}",
}
"""Every code with its English words: the fallback where a language has none yet."""


def reasons(
    service: ServiceEntry, place: PlaceEntry | None, week: Week, wish: Wish, moment: Moment, km: float | None
) -> tuple[Reason, ...]:
    """Why this service at this place, most useful first. Never empty."""
    found = [
        *_nearness(place, km),
        *_opening(week, country_of(service, place), moment),
        *_capacity(service, wish, moment.now),
        *_criteria(service, place, wish),
    ]
    return tuple(found)


def _nearness(place: PlaceEntry | None, km: float | None) -> Iterator[Reason]:
    if km is not None:
        code = "near" if place and place.located is Located.GIVEN else "near.approximate"
        yield Reason(code, {"km": round(km, 1)})


def _opening(week: Week, country: str, moment: Moment) -> Iterator[Reason]:
    opening = opening_at(week, moment.local, country=country, is_holiday=moment.is_holiday) if week.lines else None
    if opening and (opening.always or week.always):
        yield Reason("open.always")
    elif opening:
        yield Reason("open.now", {"until": f"{opening.until:%H:%M}"})
    else:
        opens = next_opening(week, moment.local, country=country, is_holiday=moment.is_holiday) if week.lines else None
        yield Reason("open.later", {"day": opens.date().isoformat(), "at": f"{opens:%H:%M}"}) if opens else Reason("hours.unknown")


def _capacity(service: ServiceEntry, wish: Wish, now: datetime) -> Iterator[Reason]:
    if not service.capacities:
        if wish.category.stays:
            yield Reason("capacity.call_to_confirm")
        return
    age = (now - min(capacity.at for capacity in service.capacities)).total_seconds() / 3600
    free = sum(capacity.available for capacity in service.capacities)
    if freshness(age, own_fresh_hours(service) or wish.category.fresh_hours) is not Freshness.FRESH:
        yield Reason("capacity.call_to_confirm")
    elif free:
        yield Reason("capacity.free", {"free": free, "hours": max(0, int(age))})


def _criteria(service: ServiceEntry, place: PlaceEntry | None, wish: Wish) -> Iterator[Reason]:
    if wish.municipality is not None or wish.point is not None:
        yield Reason("coverage" if service.coverage else "coverage.everywhere")
    if service.languages:
        spoken = [wish.language] if wish.language in service.languages else sorted(service.languages)
        yield Reason("language", {"languages": ", ".join(str(code) for code in spoken)})
    yield from _people(service, wish)
    if place.step_free if place and place.step_free is not None else service.step_free:
        yield Reason("step_free")
    yield from _conditions(service)


def _people(service: ServiceEntry, wish: Wish) -> Iterator[Reason]:
    if wish.accepts:
        yield Reason("accepts", {"whom": ", ".join(sorted(wish.accepts))})
    if wish.category.stays and (wish.children or wish.boy_age is not None):
        yield Reason("children")
    if wish.boy_age is not None and service.boys_maximum_age is not None:
        yield Reason("boys_age", {"age": service.boys_maximum_age})


def _conditions(service: ServiceEntry) -> Iterator[Reason]:
    if service.papers in (Papers.NONE, Papers.NONE_LISTED):
        yield Reason("papers.none" if service.papers is Papers.NONE else "papers.none_listed")
    elif service.papers_asked:
        yield Reason("papers.some", {"papers": "; ".join(service.papers_asked)})
    if service.cost is Cost.FREE:
        yield Reason("cost.free")
    if service.gatekeeper.name:
        yield Reason("gatekeeper", {"name": service.gatekeeper.name})
