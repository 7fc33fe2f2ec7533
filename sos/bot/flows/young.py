"""Under 18: an operator with a flag, and the child lines. Nobody around the child is told by the program; no shelter is offered by itself (DOMAIN 13)."""

from sos.bot.engine import Answer, State
from sos.bot.flows import numbers
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import PERSON, SERVICE, STOP_HERE
from sos.bot.messages import Listing, Reply
from sos.staff.states import TaskKind

TOLD = "young"


def met(turn: Turn) -> Answer:
    """Said once: who could listen, and that writing here goes on."""
    turn.desk.leave_task(TaskKind.MINOR, turn.text)
    state = turn.state.goes("young", told=(*turn.state.told, TOLD))
    return Answer(state, (_question(state, turn.desk),))


def lines(state: State, desk: Desk) -> Reply:
    """The child lines alone, after something more urgent."""
    shown = _numbers(state, desk)
    return Reply("young.lines", {"lines": shown}) if shown.items else Reply("young.no_line")


def _numbers(state: State, desk: Desk) -> Listing:
    """The child lines; where it is not known where she is, each under its country, and the emergency number for those that have none."""
    found = numbers.of(state, desk, "child")
    if state.country is not None or not found:
        return numbers.grouped(found, one_country=state.country is not None)
    without = [
        one
        for one in numbers.of(state, desk, "danger")
        if one.slug == "emergency" and one.country not in {child.country for child in found}
    ]
    return numbers.grouped((*found, *without), one_country=False)


def _question(state: State, desk: Desk) -> Reply:
    options = (PERSON, SERVICE, STOP_HERE)
    shown = _numbers(state, desk)
    return Reply("young.ask", {"lines": shown}, options) if shown.items else Reply("young.ask.no_line", options=options)


def _take(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


STEPS = (Step("young", _question, _take, introduced=False),)
