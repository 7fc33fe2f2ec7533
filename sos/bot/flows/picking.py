"""Which answer of the open question a message is. Reads only; what follows from it is the step's."""

from typing import Final

from sos.bot.engine import is_label, pick, tapped
from sos.bot.flows.desk import Turn
from sos.bot.flows.registry import STEPS
from sos.bot.messages import Kind, Option
from sos.bot.understanding.intents import Intent

_BY_INTENT: Final = {Intent.YES: ("yes", "go"), Intent.NO: ("no",), Intent.SKIP: ("skip",), Intent.MORE: ("another", "more")}
"""Answers that a plain yes, no, skip or more may be, where they are offered."""


def picked(turn: Turn) -> str | None:
    """The option of the open question that this message is."""
    step = STEPS.get(turn.state.step)
    if step is None:
        return None
    options = step.question(turn.state, turn.desk).options
    if turn.kind is Kind.BUTTON:
        return tapped(turn.text, step.name, options)
    return pick(turn.text, options, labels=turn.labels) or _by_intent(turn, options)


def exactly_offered(turn: Turn) -> bool:
    """Whether it is word for word what was just offered."""
    step = STEPS.get(turn.state.step)
    if step is None or turn.kind is not Kind.TEXT:
        return False
    return is_label(turn.text, step.question(turn.state, turn.desk).options, labels=turn.labels)


def _by_intent(turn: Turn, options: tuple[Option, ...]) -> str | None:
    offered = {option.value for option in options}
    return next((value for value in _BY_INTENT.get(turn.intent, ()) if value in offered), None)
