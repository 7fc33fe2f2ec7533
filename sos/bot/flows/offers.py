"""She asks to hear of trainings, work, grants, things or repair: which kind and where, both skippable. Nothing is ever sent for it unasked.

What fits leaves a task, and a person speaks with her. Whether she asked before is shown to nobody who holds the phone.
"""

from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import MENU, SKIP, STOP_HERE
from sos.bot.flows.places import heard
from sos.bot.messages import Option, Reply
from sos.bot.understanding.intents import Intent
from sos.referrals.offers.states import OfferKind

OPTION: Final = Option("offers", "option.offers")
_KINDS: Final = (OfferKind.TRAINING, OfferKind.JOB, OfferKind.GRANT, OfferKind.MATERIAL_HELP, OfferKind.MINOR_REPAIR)
_NO_MORE: Final = Option("no_more", "option.offer.no_more")
ONWARD: Final = (MENU, STOP_HERE)


def _question(_: State, __: Desk) -> Reply:
    kinds = tuple(Option(kind.value, f"option.offer.{kind.value}") for kind in _KINDS)
    return Reply("offers.ask", options=(*kinds, _NO_MORE, SKIP, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == SKIP.value:
        return Answer(turn.state, then="menu")
    if value == _NO_MORE.value:
        turn.desk.stop_offers()
        return Answer(turn.state.goes("offers.done"), (Reply("offers.stopped", options=ONWARD),))
    if value is None:
        return None
    state = turn.state.wishes(offer=value)
    known = turn.desk.place(state.place) if state.place else None
    return _keep(state, turn.desk, known.municipality_id) if known else Answer(state, then="offers.place")


def _place(_: State, __: Desk) -> Reply:
    return Reply("offers.place", options=(SKIP, STOP_HERE))


def _take_place(turn: Turn, value: str | None) -> Answer | None:
    """A name that may be several places counts as anywhere: a person asks."""
    if value == SKIP.value or turn.intent is Intent.SKIP:
        return _keep(turn.state, turn.desk, None)
    sought = heard(turn)
    if sought.place is None and not sought.candidates:
        return None
    return _keep(turn.state, turn.desk, sought.place.municipality_id if sought.place else None)


def _keep(state: State, desk: Desk, area: str | None) -> Answer:
    try:
        kind = OfferKind(str(state.wish.get("offer")))
    except ValueError:
        return Answer(state, then="offers")
    desk.wish_offers(kind, area)
    return Answer(state.wishes(offer=None).goes("offers.done"), (Reply("offers.noted", options=ONWARD),))


def _done(_: State, __: Desk) -> Reply:
    return Reply("menu.more", options=ONWARD)


def _take_done(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


STEPS = (Step("offers", _question, _take), Step("offers.place", _place, _take_place), Step("offers.done", _done, _take_done))
