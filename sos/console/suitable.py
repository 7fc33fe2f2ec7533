"""Suitable services for one case, as an operator sees them: confidential ones by published area and front gate only, never by place.

The form is posted, so that no place of hers stands in an address. Stores nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from sos.directory.matching.avoiding import avoided
from sos.directory.matching.telling import Teller
from sos.directory.matching.wish import Match, Point, Reason, Wish
from sos.geo.places import Place
from sos.rooms import Rooms

DEFAULT: Final = "shelter"
_LIMIT: Final = 5


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for. `place`: as typed or known."""

    category: str = DEFAULT
    place: str = field(default="", repr=False)
    children: int = 0
    boy_age: int | None = None
    language: str | None = None
    open_now: bool = False
    no_papers: bool = False
    step_free: bool = False


@dataclass(frozen=True, slots=True)
class Suitable:
    """One service in words. `call`: what to say on the telephone first is in `reasons`; `phones` of public services only."""

    name: str
    area: str
    km: float | None
    reasons: tuple[str, ...]
    phones: tuple[str, ...]
    confidential: bool


@dataclass(frozen=True, slots=True)
class Services:
    """The answer. `candidates`: places that the typed one may be, where it is not clear."""

    ask: Ask
    matches: tuple[Suitable, ...]
    next_best: tuple[Suitable, ...]
    missing: tuple[str, ...]
    hotlines: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    categories: tuple[tuple[str, str], ...] = ()


def ask_of(form: Mapping[str, str], known: Ask) -> Ask:
    """What the form says; what it leaves out stays as it was known."""
    return Ask(
        category=form.get("category") or known.category,
        place=(form.get("place") if "place" in form else known.place) or "",
        children=_number(form.get("children")) or 0,
        boy_age=_number(form.get("boy_age")),
        language=form.get("language") or None,
        open_now="open_now" in form,
        no_papers="no_papers" in form,
        step_free="step_free" in form,
    )


def suitable(
    rooms: Rooms, conn: Connection, ask: Ask, now: datetime, *, known: Place | None, away: tuple[str, ...] = (), without_authorities: bool
) -> Services:
    """Match. `known`: the place that she named, used where the form says the same; `away`: places she stays away from."""
    categories = rooms.categories
    slug = ask.category if ask.category in categories.by_slug else next(iter(categories.by_slug))
    located = known if known is not None and ask.place == known.name else None
    candidates: tuple[str, ...] = ()
    if located is None and ask.place.strip():
        found = rooms.gazetteer.locate(ask.place)
        located, candidates = found.place, tuple(f"{one.name}, {one.municipality}" for one in found.candidates)
    far = avoided(rooms.gazetteer, [place.name for one in away if (place := rooms.gazetteer.place(one))])
    wish = Wish(
        category=categories.by_slug[slug],
        point=point_of(located),
        municipality=located.municipality_id if located else None,
        country=located.country if located else None,
        children=ask.children,
        boy_age=ask.boy_age,
        language=ask.language,
        step_free=ask.step_free,
        no_papers=ask.no_papers,
        open_now=ask.open_now,
        avoid=far.municipalities,
        avoid_names=far.names,
        limit=_LIMIT,
    )
    matched = rooms.match_for_operator(conn, wish, now, without_authorities=without_authorities)
    teller = Teller(rooms.texts, rooms.gazetteer, "en")
    return Services(
        ask,
        tuple(_words(one, teller) for one in matched.matches),
        tuple(_words(one, teller) for one in matched.next_best),
        tuple(teller.reason(Reason(f"missing.{code}")) for code in matched.missing),
        tuple(dict.fromkeys(f"{number.what}: {number.number}" for number in matched.hotlines)),
        candidates,
        tuple((one.slug, one.label) for one in categories.by_slug.values()),
    )


def point_of(place: Place | None) -> Point | None:
    """The point to measure from: the seat of what she named."""
    return Point(place.lat, place.lon) if place else None


def _words(one: Match, teller: Teller) -> Suitable:
    plain = teller.plain(one)
    phones = tuple(phone.number for phone in one.service.phones) if one.service else ()
    reasons = tuple(reason["text"] for reason in plain["reasons"])
    return Suitable(plain["name"], plain["area"] or "", one.distance_km and round(one.distance_km, 1), reasons, phones, one.service is None)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 3 else None
