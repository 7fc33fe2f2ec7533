"""Someone writes about another person: advice and numbers. A friend cannot consent, cancel or read, and is told nothing of anyone (DOMAIN 16)."""

from sos.bot.engine import Answer, State
from sos.bot.flows import numbers, sos
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NUMBERS, PERSON, STOP_HERE
from sos.bot.messages import Reply
from sos.bot.understanding.intents import Danger
from sos.staff.states import TaskKind


def met(turn: Turn) -> Answer:
    """Danger for someone else raises an alert like any other; the rest is an operator's task."""
    state, desk = turn.state.goes("third"), turn.desk
    if turn.understood.danger is Danger.PROBABLE:
        raised = desk.raise_alert("third_party", turn.text, state=state, reasons=sorted(turn.understood.signals))
        told = sos.told_here(state.told if raised.repeated else (*state.told, sos.FOR_ANOTHER))  # an SOS of her own that is open stays hers
        here = state.goes("sos", told=told)
        call = numbers.danger(here, desk)
        key, values = ("third.danger", {"danger": call}) if call else ("third.danger.no_number", {})
        values |= {"duty": sos.duty(desk, on_duty=raised.on_duty)}
        return Answer(here, (Reply(key, {"time": raised.raised_at, **values}, urgent=True, ask_location=True),))
    desk.leave_task(TaskKind.THIRD_PARTY, turn.text)
    return Answer(state, (_question(state, desk),))


def _question(state: State, desk: Desk) -> Reply:
    options = (NUMBERS, PERSON, STOP_HERE)
    call = numbers.danger(state, desk)
    return Reply("third.advice", {"danger": call}, options) if call else Reply("third.advice.no_number", options=options)


def _take(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


STEPS = (Step("third", _question, _take, introduced=False),)
