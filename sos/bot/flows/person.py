"""A person contacts her: a task for the operators, with her words if she wants to add some. Promises no time and no answer (DOMAIN 4, 9)."""

from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import MENU, SKIP, STOP_HERE
from sos.bot.messages import Reply
from sos.bot.understanding.intents import Intent
from sos.staff.states import TaskKind

ONWARD: Final = (MENU, STOP_HERE)
"""Where she can go on from here."""


def _begin(state: State, desk: Desk) -> Answer:
    desk.leave_task(TaskKind.CONTACT_HER)
    here = state.goes("person")
    return Answer(here, (_question(here, desk),))


def _question(_: State, desk: Desk) -> Reply:
    return Reply("person.ask", {"time": desk.now}, (SKIP, *ONWARD))


def _take(turn: Turn, value: str | None) -> Answer | None:
    """Her words stand in the transcript already; the task's note points the operator to them."""
    if value == MENU.value:
        return Answer(turn.state, then="menu")
    if value is not None:
        return Answer(turn.state.goes("person.more"), (Reply("person.skipped", options=ONWARD),))
    turn.desk.leave_task(TaskKind.CONTACT_HER, turn.text)
    return Answer(turn.state.goes("person.more"), (Reply("person.noted", options=ONWARD),))


def _more(_: State, __: Desk) -> Reply:
    return Reply("person.skipped", options=ONWARD)


def _take_more(turn: Turn, value: str | None) -> Answer | None:
    """What she writes afterwards, unless it plainly asks for something else, belongs to what the person will read."""
    if value == MENU.value:
        return Answer(turn.state, then="menu")
    if value is not None or turn.intent is not Intent.UNKNOWN:
        return None
    turn.desk.leave_task(TaskKind.CONTACT_HER, turn.text)
    return Answer(turn.state, (Reply("person.noted", options=ONWARD),))


STEPS = (Step("person", _question, _take, _begin, free=True), Step("person.more", _more, _take_more))
