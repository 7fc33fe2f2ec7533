"""What this line can do, in one short list. Shown when nothing could be made of a message, too: it never says that she was wrong."""

from dataclasses import replace
from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows import another, chat, offers
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NUMBERS, PERSON, SERVICE, STOP_HERE
from sos.bot.messages import Option, Reply

OPTIONS: Final = (SERVICE, NUMBERS, PERSON, Option("language", "option.language"), Option("words", "option.words"), STOP_HERE)
OWN: Final = Option("own", "option.own")
SHORT: Final = (SERVICE, PERSON, NUMBERS, STOP_HERE)


def _question(state: State, desk: Desk) -> Reply:
    others = (another.OPTION,) if another.is_possible(state, desk) else ()
    options = (*OPTIONS[:-1], *((chat.OPTION,) if chat.is_possible(desk) else ()), OWN)
    if state.misses == 1:
        return Reply("menu.unclear", options=(*options, *others, STOP_HERE))
    if state.misses > 1:
        return Reply("menu.unclear.again", options=(*SHORT[:-1], *others, SHORT[-1]))
    return Reply("menu.ask", options=(*options, offers.OPTION, *others, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


def not_understood(turn: Turn) -> Answer:
    """A short list instead of an apology; the second time it is led by a person."""
    missed = replace(turn.state, step="menu", misses=min(turn.state.misses + 1, 2))
    return Answer(missed, (_question(missed, turn.desk),))


STEPS = (Step("menu", _question, _take),)
