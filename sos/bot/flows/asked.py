"""What a message asks for, where no step has taken it: one line for each intent. The order in which they are tried stands in `routing`."""

from collections.abc import Callable, Mapping
from typing import Final

from sos.alerts.states import Mark
from sos.bot.engine import Answer, State
from sos.bot.flows import language, leave, marks, perpetrator, third_party
from sos.bot.flows.desk import Turn
from sos.bot.flows.places import heard
from sos.bot.flows.service import looks_for, standing
from sos.bot.messages import Reply
from sos.bot.understanding.intents import Intent


def _service(turn: Turn) -> Answer:
    slug = turn.understood.category
    if slug is None or slug not in turn.desk.categories:
        return Answer(turn.state, then="service")
    return Answer(looking(turn, slug), then="service")


def looking(turn: Turn, slug: str) -> State:
    """The wish for this kind of service, with the place that the same message named: she is never asked for it again."""
    sought = heard(turn)
    state = looks_for(turn.state, slug)
    if sought.place is not None:
        return standing(state, sought.place)
    if sought.candidates:
        return state.wishes(which=[place.id for place in sought.candidates], asked=["place"])
    return state


def _language(turn: Turn) -> Answer:
    code = turn.understood.category
    return language.chosen(turn.state, code) if code in turn.desk.languages else Answer(turn.state, then="language")


def _thanks(turn: Turn) -> Answer:
    return Answer(turn.state, (Reply("thanks"),))


def _about(turn: Turn) -> Answer:
    return Answer(turn.state, (Reply("about"),), then="menu")


def _more(turn: Turn) -> Answer:
    return Answer(turn.state, then="match" if turn.state.step.startswith("match") else "menu")


ASKED: Final[Mapping[Intent, Callable[[Turn], Answer]]] = {
    Intent.PERPETRATOR: perpetrator.met,
    Intent.THIRD_PARTY: third_party.met,
    Intent.ERASE: lambda turn: Answer(turn.state, then="erase"),
    Intent.EXIT: lambda turn: leave.leave(turn.state),
    Intent.CANCEL: lambda turn: marks.marked(turn.state, turn.desk, Mark.CANCEL),
    Intent.SAFE: lambda turn: marks.marked(turn.state, turn.desk, Mark.SAFE),
    Intent.LANGUAGE: _language,
    Intent.OPERATOR: lambda turn: Answer(turn.state, then="person"),
    Intent.SERVICE: _service,
    Intent.MORE: _more,
    Intent.THANKS: _thanks,
    Intent.ABOUT: _about,
    Intent.GREETING: lambda turn: Answer(turn.state, then="menu"),
    Intent.HELP: lambda turn: Answer(turn.state, then="menu"),
}
"""Intents that lead somewhere by themselves."""
SMALL: Final = frozenset({Intent.THANKS, Intent.GREETING, Intent.HELP, Intent.ABOUT, Intent.MORE})
"""Intents that yield to an open question: there, the same words may be the answer."""


def kept_place(turn: Turn) -> State:
    """The state with the place of this message known, for what she writes before any question about a place."""
    sought = heard(turn)
    return standing(turn.state, sought.place) if sought.place is not None else turn.state
