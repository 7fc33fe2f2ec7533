"""She asks for another person (DOMAIN 33). Who has her alert loses it and everybody else is paged; she is told what is so, and where nothing
may show on this device, no more than that a person should write to her. Never asks why, and never leaves her with nobody.
"""

from dataclasses import replace
from typing import Final

from sos.alerts.raising import Another
from sos.alerts.states import HELD
from sos.bot.engine import AGAIN, Answer, State
from sos.bot.flows import sos
from sos.bot.flows.desk import Desk, Step
from sos.bot.messages import Option, Reply

OPTION: Final = Option("another", "option.another_person")


def is_possible(state: State, desk: Desk) -> bool:
    """Whether a person has her alert, and this device may show it."""
    return _may_show(state) and desk.standing() in HELD


def asked(state: State, desk: Desk) -> Answer:
    """Done whatever this device may show."""
    done = desk.another_person()
    if not _may_show(state) or desk.open_alert() is None:
        return Answer(state, then="person")
    here = replace(state.goes("sos"), told=state.told)
    match done:
        case Another.GIVEN:
            return Answer(here, (Reply("another.given", {"time": desk.now}, urgent=True),), then=AGAIN)
        case Another.NOTED:
            return Answer(here, (Reply("another.noted", {"time": desk.now}, urgent=True),))
        case _:
            return Answer(here, then=AGAIN)


def _may_show(state: State) -> bool:
    return sos.RAISED_HERE in state.told and not state.locked


def _question(state: State, desk: Desk) -> Reply:
    """Nothing is asked; a step that stands here by an old state shows what the alert's step shows."""
    return sos.STEPS[0].question(state, desk)


STEPS = (Step("another", _question, begin=asked, introduced=False),)
