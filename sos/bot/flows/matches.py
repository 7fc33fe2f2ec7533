"""What was found, one at a time, with why; another, a farther one, away from somewhere. Never a blank: next best, what is missing, a number (DOMAIN 22-24)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sos.bot.engine import Answer, State
from sos.bot.flows import numbers, offers
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NUMBERS, OTHERS, PERSON, SKIP, STOP_HERE
from sos.bot.flows.places import Sought, heard
from sos.bot.flows.reasons import details, why
from sos.bot.messages import Listing, Option, Reply, Say
from sos.directory.matching.answer import A_PERSON, Matched
from sos.directory.matching.wish import Match, Point, Wish
from sos.directory.states import Whom

CALL: Final = Option("call", "option.call")
ANOTHER: Final = Option("another", "option.another")
FARTHER: Final = Option("farther", "option.farther")
AWAY: Final = Option("away", "option.away")
FROM_START: Final = Option("start", "option.from_start")
SHOWN: Final = (CALL, ANOTHER, FARTHER, AWAY, PERSON, STOP_HERE)
MOST_SHOWN: Final = 40
MISSING: Final = "missing."
MOST_LOOKED_AT: Final = 60
_LEADS: Final[Mapping[str | None, str]] = {
    CALL.value: "match.details",
    ANOTHER.value: "match",
    FARTHER.value: "match",
    FROM_START.value: "match",
    AWAY.value: "match.away",
    OTHERS.value: "service.category",
    PERSON.value: "person",
    NUMBERS.value: "numbers",
    offers.OPTION.value: "offers",
}


def wish_of(state: State, desk: Desk) -> Wish | None:
    """What the directory is asked, from what she said so far; None without a kind of service."""
    told: dict[str, Any] = dict(state.wish)
    category = desk.categories.get(told.get("category", ""))
    if category is None:
        return None
    place = desk.place(state.place) if state.place else None
    shared = told.get("point")
    point = Point(*shared) if isinstance(shared, list) and len(shared) == 2 else Point(place.lat, place.lon) if place else None
    who, need = told.get("who"), told.get("need")
    away = [found for one in state.away_from if (found := desk.place(one))]
    names = {desk.fold(name) for one in away for name in (one.name, one.name_sq, one.name_sr, one.name_tr, one.name_en) if name}
    return Wish(
        category=category,
        point=point,
        municipality=place.municipality_id if place else None,
        country=state.country,
        children=1 if who in ("children", "child") else 0,
        boy_age=told.get("boy_age"),
        accepts=frozenset({Whom.CHILDREN}) if who in ("children", "child") else frozenset(),
        language=state.language if state.chosen else None,
        step_free=need == "steps",
        no_papers=need == "papers",
        open_now=need == "open",
        avoid=frozenset(one.municipality_id for one in away),
        avoid_names=frozenset(names),
        avoid_services=frozenset(told.get("shown", ())),
        farther_than_km=float(told.get("beyond", 0.0)),
        limit=1 if point else MOST_LOOKED_AT,
    )


def best_of(found: Matched, home: str | None) -> Match | None:
    """The first public match, or next best; of her number's country first, where nothing better is known."""
    for matches in (found.matches, found.next_best):
        public = [one for one in matches if one.id != A_PERSON]
        near = [one for one in public if home and one.service and any(place.country == home for place in one.service.places)]
        if public:
            return (near or public)[0]
    return None


def _begin(state: State, desk: Desk) -> Answer:
    wish = wish_of(state, desk)
    if wish is None:
        return Answer(state, then="service.category")
    found = desk.match(wish, without_authorities=state.police_barred)
    best = best_of(found, None if state.place else desk.home)
    if best is None:
        return _nothing(state, desk, found)
    shown = [*state.wish.get("shown", ()), best.id][-MOST_SHOWN:]
    kept = {"id": best.id, "lines": details(best)}
    here = state.wishes(shown=shown, last=kept, km=best.distance_km).goes("match")
    return Answer(here, (_card(here, desk, best, found),))


def _card(state: State, desk: Desk, best: Match, found: Matched) -> Reply:
    place = desk.place(best.area) if best.area else None
    name: object = Say("match.name", {"name": best.name, "area": place}) if place else best.name
    options = _options(state)
    if found.matches:
        return Reply("match.shown", {"name": name, "why": Listing(why(best.reasons), least=1)}, options)
    missing = Listing(tuple(Say(f"reason.missing.{code}") for code in _misses(best, found)), least=1)
    if not missing.items:
        return Reply("match.shown", {"name": name, "why": Listing(why(best.reasons), least=1)}, options)
    options = (*options[:-1], NUMBERS, STOP_HERE)
    line = _help_line(found)
    if line is None:
        return Reply("match.next_best.no_number", {"name": name, "missing": missing}, options)
    return Reply("match.next_best", {"name": name, "missing": missing, "line": line}, options)


def _misses(best: Match, found: Matched) -> tuple[str, ...]:
    """What this very service misses; what others on the list miss is not said of it."""
    own = tuple(reason.code.removeprefix(MISSING) for reason in best.reasons if reason.code.startswith(MISSING))
    return own or found.missing


def _help_line(found: Matched) -> Say | None:
    """One line to call beside a next best: one that listens, before those for danger."""
    quiet = [number for number in found.hotlines if "danger" not in number.purposes]
    return numbers.line((quiet or list(found.hotlines))[0]) if found.hotlines else None


def _options(state: State) -> tuple[Option, ...]:
    return tuple(option for option in SHOWN if option is not FARTHER or state.wish.get("km") is not None)


def _nothing(state: State, desk: Desk, found: Matched) -> Answer:
    here = state.goes("match.none")
    listed = Listing(tuple(numbers.line(number) for number in found.hotlines), least=1, between="\n")
    key = "match.no_more" if state.wish.get("shown") else "match.nothing"
    if not listed.items:
        return Answer(here, (Reply(f"{key}.no_number", options=_none(here, desk).options),))
    return Answer(here, (Reply(key, {"lines": listed}, _none(here, desk).options),))


def _question(state: State, _: Desk) -> Reply:
    """The options again, without looking anything up: what was shown stays as it was shown."""
    return Reply("match.again", options=(*_options(state)[:-1], NUMBERS, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    state = turn.state
    if value == FARTHER.value:
        km = float(state.wish.get("km") or 0.0)
        state = state.wishes(beyond=max(2 * km, km + 10))
    elif value == FROM_START.value:
        state = state.wishes(shown=None, beyond=None)
    elif value == OTHERS.value:
        state = replace(state, wish={})
    return Answer(state, then=_LEADS[value]) if value in _LEADS else None


def _details(state: State, _: Desk) -> Reply:
    kept = state.wish.get("last") or {}
    lines = tuple(Say(key, params) for key, params in kept.get("lines", ()))
    options = (ANOTHER, *_of_offers(state), PERSON, STOP_HERE)
    if not lines:
        return Reply("match.no_details", options=options)
    return Reply("match.details", {"lines": Listing(lines, least=1, between=". ")}, options)


def _away(_: State, __: Desk) -> Reply:
    return Reply("match.away", options=(SKIP, STOP_HERE))


def _take_away(turn: Turn, value: str | None) -> Answer | None:
    state = turn.state
    sought = heard(turn) if value is None else Sought()
    places = [sought.place] if sought.place else list(sought.candidates)
    if value is None and not places:
        return None
    if places:  # where a name is several places, she is kept away from all of them
        state = replace(state, away_from=tuple(dict.fromkeys((*state.away_from, *(place.id for place in places)))))
    return Answer(state.wishes(shown=None, beyond=None), (Reply("match.away.noted"),) if places else (), then="match")


def _of_offers(state: State) -> tuple[Option, ...]:
    """Beside work and training: to hear of dated offers, too."""
    return (offers.OPTION,) if state.wish.get("category") == "livelihood" else ()


def _none(state: State, _: Desk) -> Reply:
    again = (FROM_START,) if state.wish.get("shown") else ()
    return Reply("match.none", options=(*again, OTHERS, AWAY, *_of_offers(state), PERSON, STOP_HERE))


STEPS = (
    Step("match", _question, _take, _begin),
    Step("match.details", _details, _take),
    Step("match.away", _away, _take_away, free=True),
    Step("match.none", _none, _take),
)
