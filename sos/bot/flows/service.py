"""Find a service: at most four questions, every one skippable, none asked that her words have answered already (DOMAIN 1, 22-25).

A kind of service whose places are confidential asks nothing at all: one fixed line and a person.
"""

from dataclasses import replace
from typing import Any, Final

from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import PERSON, SKIP, STOP_HERE
from sos.bot.flows.places import Sought, heard
from sos.bot.messages import Option, Reply
from sos.bot.understanding.intents import Intent
from sos.geo.places import Place

MOST_QUESTIONS: Final = 4
FIRST: Final = ("legal_aid", "health", "psychological", "shelter", "documents", "livelihood", "child")
"""Kinds on the first list, most asked for first; the others stand on the second."""
NOT_LISTED: Final = frozenset({"trafficking", "perpetrator_programme"})
"""Kinds that are come to by what someone writes, never from a list that lies open on a phone."""
WHO_MATTERS: Final = frozenset({"health", "psychological"})
_NO_PLACE: Final = frozenset({Intent.THANKS, Intent.GREETING, Intent.HELP, Intent.ABOUT})
NO_NEEDS: Final = frozenset({"police", "social_work"})


def looks_for(state: State, slug: str, **known: Any) -> State:
    """The state with a fresh wish for this kind of service."""
    return replace(state, wish={"category": slug, **known})


def _begin(state: State, desk: Desk) -> Answer:
    """The next question that is worth asking; without one, the match."""
    slug = state.wish.get("category")
    category = desk.categories.get(slug) if isinstance(slug, str) else None
    if category is None:
        return Answer(state.wishes(category=None), then="service.category")
    if category.confidential:
        return Answer(state, then="private")
    asked = tuple(state.wish.get("asked", ()))
    if len(asked) >= MOST_QUESTIONS:
        return Answer(state, then="match")
    due = [name for name, matters in _MATTERS if name not in asked and matters(state, desk)]
    if not due:
        return Answer(state, then="match")
    return Answer(state, then=f"service.{due[0]}")


def _who_matters(state: State, desk: Desk) -> bool:
    return "who" not in state.wish and (state.wish["category"] in WHO_MATTERS or desk.categories[state.wish["category"]].stays)


def _boy_matters(state: State, desk: Desk) -> bool:
    return state.wish.get("who") == "children" and desk.categories[state.wish["category"]].stays


_MATTERS: Final = (
    ("place", lambda state, _: state.place is None),
    ("which", lambda state, _: bool(state.wish.get("which"))),
    ("who", _who_matters),
    ("boy", _boy_matters),
    ("needs", lambda state, _: state.wish["category"] not in NO_NEEDS),
)


def _asked(state: State, name: str, **answers: Any) -> Answer:
    """Count the question, keep its answer, and go on."""
    return Answer(state.wishes(asked=[*state.wish.get("asked", ()), name], **answers), then="service")


def _category(_: State, desk: Desk) -> Reply:
    listed = [slug for slug in FIRST if slug in desk.categories]
    options = [Option(slug, f"category.{slug}") for slug in listed]
    return Reply("service.category", options=(*options, Option("more", "option.more"), STOP_HERE))


def _more(state: State, desk: Desk) -> Reply:
    rest = [slug for slug, kind in desk.categories.items() if kind.offered and slug not in FIRST and slug not in NOT_LISTED]
    if state.police_barred:
        rest = [slug for slug in rest if slug != "police"]
    options = [Option(slug, f"category.{slug}") for slug in rest]
    return Reply("service.category", options=(*options, PERSON, SKIP, STOP_HERE))


def _take_category(turn: Turn, value: str | None) -> Answer | None:
    if value == "more":
        return Answer(turn.state, then="service.more")
    if value == SKIP.value:
        return Answer(turn.state, then="numbers")
    if value == PERSON.value:
        return Answer(turn.state, then="person")
    return _asked(turn.state, "category", category=value) if value else None


def _place(_: State, __: Desk) -> Reply:
    return Reply("service.place", options=(SKIP, STOP_HERE), ask_location=True)


def _take_place(turn: Turn, value: str | None) -> Answer | None:
    if value or turn.intent is Intent.SKIP:
        return _asked(turn.state, "place")
    sought = heard(turn)
    if sought.place:
        return _asked(standing(turn.state, sought.place), "place", point=list(turn.point) if turn.point else None)
    if sought.candidates:
        return _asked(turn.state, "place", which=[place.id for place in sought.candidates])
    if turn.intent in _NO_PLACE:
        return None
    if "place_again" in turn.state.told:
        return _asked(turn.state, "place").first(Reply("service.place.unknown_again"))
    again = replace(turn.state, told=(*turn.state.told, "place_again"))
    return Answer(again.goes("service.place"), (Reply("service.place.unknown", options=(SKIP, STOP_HERE)),))


def standing(state: State, place: Place) -> State:
    """The state with her place known: its numbers, its language and its services from now on."""
    return replace(state, place=place.id, country=place.country)


def _which(state: State, desk: Desk) -> Reply:
    found = [place for one in state.wish.get("which", ()) if (place := desk.place(one))]
    options = [Option(place.id, "option.place", {"place": place, "municipality": _of(place, desk)}) for place in found]
    return Reply("service.which", options=(*options, SKIP, STOP_HERE))


def _of(place: Place, desk: Desk) -> Place | str:
    return desk.place(place.municipality_id) or place.municipality


def _take_which(turn: Turn, value: str | None) -> Answer | None:
    chosen = turn.desk.place(value) if value else None
    if chosen is None and value is None:
        sought: Sought = heard(turn)
        if sought.place is None:
            return None
        chosen = sought.place
    state = turn.state.wishes(which=None)
    return _asked(standing(state, chosen) if chosen else state, "which")


def _who(_: State, __: Desk) -> Reply:
    return Reply("service.who", options=(*(Option(who, f"option.who.{who}") for who in ("me", "children", "child")), SKIP, STOP_HERE))


def _take_who(turn: Turn, value: str | None) -> Answer | None:
    if turn.intent is Intent.SKIP and value is None:
        value = SKIP.value
    return _asked(turn.state, "who", who=None if value == SKIP.value else value) if value else None


def _boy(_: State, __: Desk) -> Reply:
    return Reply("service.boy", options=(Option("none", "option.no_boys"), SKIP, STOP_HERE))


def _take_boy(turn: Turn, value: str | None) -> Answer | None:
    digits = "".join(letter for letter in turn.text if letter.isdecimal())[:2]
    if value is None and not digits:
        return None
    return _asked(turn.state, "boy", boy_age=int(digits) if value is None else None)


def _needs(_: State, __: Desk) -> Reply:
    options = [Option(need, f"option.need.{need}") for need in ("open", "papers", "steps")]
    return Reply("service.needs", options=(*options, SKIP, STOP_HERE))


def _take_needs(turn: Turn, value: str | None) -> Answer | None:
    if turn.intent is Intent.SKIP and value is None:
        value = SKIP.value
    return _asked(turn.state, "needs", need=None if value == SKIP.value else value) if value else None


STEPS = (
    Step("service", _category, _take_category, _begin),
    Step("service.category", _category, _take_category),
    Step("service.more", _more, _take_category),
    Step("service.place", _place, _take_place),
    Step("service.which", _which, _take_which),
    Step("service.who", _who, _take_who),
    Step("service.boy", _boy, _take_boy),
    Step("service.needs", _needs, _take_needs),
)
