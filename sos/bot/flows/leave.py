"""Leaving: 0, EXIT, STOP. Ends the talk on her device; an alert that is open stays open, and nothing is cancelled."""

from dataclasses import replace
from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows.shared import LIVE
from sos.bot.messages import Reply

LEFT: Final = "left"
"""She has ended here: nothing more of ours shows on this device until she writes."""


def leave(state: State) -> Answer:
    """End here. What she writes later begins afresh; her language and her limits stay."""
    ended = replace(state.goes(), wish={}, after="", verified=False, told=(*(one for one in state.told if one != LEFT), LEFT))
    still = (Reply("shared.live_stop"),) if LIVE in state.told else ()
    return Answer(ended, (Reply("exit.done", closes=True), *still))
