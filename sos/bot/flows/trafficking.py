"""Trafficking: a trained operator and a line, where one is known. Never a shelter offered by itself, no question about place or papers (DOMAIN 13)."""

from sos.bot.engine import Answer, State
from sos.bot.flows import numbers
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NUMBERS, PERSON, STOP_HERE
from sos.bot.messages import Reply
from sos.staff.states import TaskKind

TOLD = "trafficking"


def met(turn: Turn) -> Answer:
    """Tell the trained operators, and offer them."""
    turn.desk.leave_task(TaskKind.TRAFFICKING, turn.text)
    state = turn.state.goes("trafficking", wish={}, told=(*turn.state.told, TOLD))
    return Answer(state, (_question(state, turn.desk),))


def _question(state: State, desk: Desk) -> Reply:
    options = (PERSON, NUMBERS, STOP_HERE)
    lines = [numbers.line(number) for number in numbers.of(state, desk, "trafficking")]
    return Reply("trafficking.ask.line", {"line": lines[0]}, options) if lines else Reply("trafficking.ask", options=options)


def _take(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


STEPS = (Step("trafficking", _question, _take, introduced=False),)
