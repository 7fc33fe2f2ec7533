"""Words that may mean danger and may not: ask, show the numbers, leave an operator's task. A second such message in answer raises (DOMAIN 3)."""

from dataclasses import replace

from sos.bot.engine import AGAIN, Answer, State
from sos.bot.flows import numbers, sos
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NO, YES
from sos.bot.messages import Reply
from sos.bot.understanding.intents import Danger, Intent
from sos.staff.states import TaskKind


def ask(turn: Turn) -> Answer:
    """Ask whether it is danger now; where she stood is kept."""
    turn.desk.leave_task(TaskKind.DOUBTFUL_SOS, turn.text)
    state = turn.state
    here = state.goes("doubt", after=state.after or ("" if state.step == "doubt" else state.step))
    return Answer(here, (_question(here, turn.desk),))


def _question(state: State, desk: Desk) -> Reply:
    call, doctor = numbers.danger(state, desk), numbers.ambulance(state, desk)
    if call:
        return Reply("doubt.ask", {"danger": call}, (YES, NO), urgent=True)
    if doctor:
        return Reply("doubt.ask.no_police", {"ambulance": doctor}, (YES, NO), urgent=True)
    return Reply("doubt.ask.no_number", options=(YES, NO), urgent=True)


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == YES.value:
        return sos.raise_alert(turn, "said_yes")
    if value == NO.value or turn.intent in (Intent.SAFE, Intent.NO):
        return _back(turn.state)
    if turn.understood.danger is Danger.DOUBTFUL:
        return sos.raise_alert(turn, "doubtful_twice")
    return None


def _back(state: State) -> Answer:
    """To the wish that the same words held, or to the question that was open before."""
    if state.after == "service":
        return Answer(replace(state, after=""), (Reply("doubt.no"),), then="service")
    return Answer(replace(state.goes(state.after), after=""), (Reply("doubt.no"),), then=AGAIN)


STEPS = (Step("doubt", _question, _take, introduced=False),)
