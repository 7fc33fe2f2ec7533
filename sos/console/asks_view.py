"""What the search for a room shows to an operator: suitable shelters by published area and front gate, the answers as they come, the rooms held.

No place, no distance, no number of a shelter's staff. What she must stay away from is never offered.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from sos.alerts.bars import Found
from sos.console import beds_view, case, times
from sos.console.suitable import point_of
from sos.db.database import Unit
from sos.directory.matching.avoiding import avoided
from sos.directory.matching.telling import Teller
from sos.directory.matching.wish import Match, Wish
from sos.rooms import Rooms
from sos.shelters import wording
from sos.shelters.asks import queries as asks
from sos.shelters.asks.queries import AskSeen, RoundSeen
from sos.shelters.asks.states import LANGUAGES, Ask, Need, Round
from sos.shelters.confirming.queries import settings_of
from sos.shelters.confirming.settings import Gatekeeper
from sos.shelters.holds import queries as holds
from sos.shelters.holds.cases import opaque
from sos.shelters.holds.queries import Standing
from sos.shelters.holds.states import OPEN, Hold
from sos.shelters.staff import ways_to
from sos.shelters.units import queries as units
from sos.shelters.units.states import UnitKind

RINGS: Final = {"1": "Ask first", "2": "Ask if nobody says yes", "3": "Ask last", "": "Do not ask"}
FIRST_RING: Final = 3
_OVER_12: Final = 13
ASK_STATES: Final = {
    Ask.WAITING: "leaves in a moment",
    Ask.OPEN: "asked, no answer yet",
    Ask.YES: "yes",
    Ask.NO: "no",
    Ask.EXPIRED: "no answer in time",
    Ask.RELEASED: "not needed any more",
}
ROUND_STATES: Final = {
    Round.ASKING: "asking",
    Round.FOUND: "one said yes: offer it to her",
    Round.SETTLED: "she goes there",
    Round.NOBODY: "nobody said yes",
    Round.ENDED: "stopped",
}


@dataclass(frozen=True, slots=True)
class Shelter:
    """One suitable shelter. `ring`: where it would be asked; `free`: a unit that suits stands free; `ways`: to its staff's telephones."""

    id: str
    name: str
    area: str
    reasons: tuple[str, ...]
    missing: bool
    ring: str
    free: bool
    ways: int
    gatekeeper: Gatekeeper


@dataclass(frozen=True, slots=True)
class Answer:
    """One ask in words. `until`: how long a room is kept there."""

    ask: AskSeen
    name: str
    said: str
    until: datetime | None
    waits_for_gatekeeper: bool
    gatekeeper: Gatekeeper
    front_gate: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Search:
    """One round in words."""

    round: RoundSeen
    need: str
    state: str
    answers: tuple[Answer, ...]
    found: Answer | None


@dataclass(frozen=True, slots=True)
class DirectHold:
    """A room that an operator holds by hand."""

    hold: Standing
    name: str
    gatekeeper: Gatekeeper


def need_of(form: Mapping[str, str]) -> Need:
    """What is sought; what the form leaves out is not needed. Raises ValueError."""
    beds = form.get("beds", "1").strip()
    return Need(
        kind=UnitKind(form.get("kind") or UnitKind.FAMILY_ROOM.value),
        beds=int(beds) if beds.isdecimal() and len(beds) < 3 else 0,
        step_free="step_free" in form,
        boy_over_12="boy_over_12" in form,
        interpreter=form.get("interpreter") or None,
    )


def view(rooms: Rooms, unit: Unit, found: Found, viewer: str, need: Need, form: Mapping[str, str]) -> dict[str, Any]:
    """All values of the page. That confidential cards were looked at is audited."""
    rooms.audit.record(unit, "hidden.cards_read", actor=viewer)
    return {
        "number": found.number,
        "need": need,
        "rings": RINGS,
        "kinds": beds_view.KINDS,
        "interpreters": {code: wording.LANGUAGES[code] for code in sorted(LANGUAGES)},
        "shelters": shelters(rooms, unit, found, viewer, need, form),
        **answers(rooms, unit.conn, found),
    }


def answers(rooms: Rooms, conn: Connection, found: Found) -> dict[str, Any]:
    """The part that changes by itself, with its mark."""
    key = rooms.keystore.place_key
    rounds = asks.rounds_of(conn, key, found.id)
    held = holds.open_for(conn, opaque(key, found.id))
    names = beds_view.names_of(rooms, conn, [ask.service_id for one in rounds for ask in one.asks])
    searches = [_search(rooms, conn, one, names) for one in rounds]
    direct = [_direct(rooms, conn, one) for one in held]
    said = [(one.round.state, [(answer.ask.state, answer.ask.kin, answer.until) for answer in one.answers]) for one in searches]
    shown = repr(said) + repr([(one.hold.id, one.hold.state) for one in direct])
    mark = hashlib.blake2b(shown.encode(), digest_size=8).hexdigest()
    return {
        "number": found.number,
        "searches": searches,
        "direct": direct,
        "asking": any(one.state is Round.ASKING for one in rounds),
        "mark": mark,
    }


def shelters(rooms: Rooms, unit: Unit, found: Found, viewer: str, need: Need, form: Mapping[str, str]) -> list[Shelter]:
    """Suitable shelters, those that fit first; public ones only where they keep their rooms here."""
    wish = _wish(rooms, unit, found, viewer, need)
    matched = rooms.match_for_operator(unit.conn, wish, unit.now)
    cards = {card.id: card for card in rooms.cards.all(unit.conn)}
    teller = Teller(rooms.texts, rooms.gazetteer, "en")
    made: list[Shelter] = []
    is_chosen = any(name.startswith("ring_") for name in form)
    for one, missing in [*((one, False) for one in matched.matches), *((one, True) for one in matched.next_best)]:
        key = rooms.keystore.place_key
        if one.id not in cards and not units.kept(unit.conn, key, one.id):
            continue
        free = _has_free(rooms, unit, one.id, need)
        settled = sum(other.ring == "1" for other in made)
        nobody = not free and not ways_to(unit.conn, rooms.reach, one.id)
        ring = "" if missing or nobody else ("1" if free and settled < FIRST_RING else "2")
        chosen = form.get(f"ring_{one.id}", "" if is_chosen else ring)  # a shelter that came up since is not asked unseen
        made.append(_shelter(rooms, unit.conn, one, teller, missing=missing, ring=chosen if chosen in RINGS else ring, free=free))
    return made


def rings_of(found: list[Shelter]) -> list[list[str]]:
    """Service ids by ring, without empty rings."""
    rings = [[one.id for one in found if one.ring == ring] for ring in ("1", "2", "3")]
    return [ring for ring in rings if ring]


def _wish(rooms: Rooms, unit: Unit, found: Found, viewer: str, need: Need) -> Wish:
    hers = case.read(unit, rooms, found.survivor_id, viewer=viewer) if found.survivor_id else None
    place = hers.place if hers else None
    away = [known.name for one in (hers.away if hers else ()) if (known := rooms.gazetteer.place(one))]
    far = avoided(rooms.gazetteer, away)
    return Wish(
        category=rooms.categories.by_slug["shelter"],
        point=point_of(place),
        municipality=place.municipality_id if place else None,
        country=place.country if place else None,
        boy_age=_OVER_12 if need.boy_over_12 else None,
        step_free=need.step_free,
        avoid=far.municipalities,
        avoid_names=far.names,
        limit=20,
    )


def _has_free(rooms: Rooms, unit: Unit, service_id: str, need: Need) -> bool:
    today = unit.now.astimezone(times.ZONE).date()
    boy = _OVER_12 if need.boy_over_12 else None
    return any(
        one.state.value == "free"
        and one.card.kind is need.kind
        and one.card.open_at(today)
        and one.card.suits(boy_age=boy, step_free=need.step_free, beds=need.beds)
        for one in units.kept(unit.conn, rooms.keystore.place_key, service_id)
    )


def _shelter(rooms: Rooms, conn: Connection, one: Match, teller: Teller, *, missing: bool, ring: str, free: bool) -> Shelter:
    plain = teller.plain(one)
    return Shelter(
        id=one.id,
        name=plain["name"],
        area=plain["area"] or "",
        reasons=tuple(reason["text"] for reason in plain["reasons"]),
        missing=missing,
        ring=ring,
        free=free,
        ways=len(ways_to(conn, rooms.reach, one.id)),
        gatekeeper=settings_of(conn, rooms.keystore.place_key, one.id).gatekeeper,
    )


def _search(rooms: Rooms, conn: Connection, one: RoundSeen, names: Mapping[str, str]) -> Search:
    shown = tuple(_answer(rooms, conn, ask, names) for ask in one.asks)
    found = next((answer for answer in shown if one.answer is not None and answer.ask.id == one.answer.id), None)
    return Search(one, wording.need(one.need), ROUND_STATES[one.state], shown, found)


def _answer(rooms: Rooms, conn: Connection, ask: AskSeen, names: Mapping[str, str]) -> Answer:
    hold = holds.standing(conn, ask.hold_id) if ask.hold_id else None
    kept = hold if hold is not None and hold.state in OPEN else None
    said = ASK_STATES[ask.state] + (f": {wording.REASONS[ask.declined].lower()}" if ask.declined else "")
    card = next((card for card in rooms.cards.all(conn) if card.id == ask.service_id), None)
    return Answer(
        ask=ask,
        name=names.get(ask.service_id, "a shelter that is not listed any more"),
        said=said,
        until=kept.until if kept else None,
        waits_for_gatekeeper=kept is not None and kept.state is Hold.SUBJECT,
        gatekeeper=settings_of(conn, rooms.keystore.place_key, ask.service_id).gatekeeper,
        front_gate=card.front_gate if card else "",
    )


def _direct(rooms: Rooms, conn: Connection, hold: Standing) -> DirectHold:
    service = units.shelter_of_unit(conn, rooms.keystore.place_key, hold.unit_id, [card.id for card in rooms.cards.all(conn)])
    if service is None:
        return DirectHold(hold, "a shelter", Gatekeeper())
    name = beds_view.names_of(rooms, conn, [service]).get(service, "a shelter")
    return DirectHold(hold, name, settings_of(conn, rooms.keystore.place_key, service).gatekeeper)
