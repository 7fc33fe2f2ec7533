"""Leaving: 0, EXIT, STOP. Ends the talk on her device; an alert that is open stays open, and nothing is cancelled."""

from dataclasses import replace

from sos.bot.engine import Answer, State
from sos.bot.flows.shared import LIVE
from sos.bot.messages import Reply


def leave(state: State) -> Answer:
    """End here. What she writes later begins afresh; her language and her limits stay."""
    ended = replace(state.goes(), wish={}, after="", verified=False)
    still = (Reply("shared.live_stop"),) if LIVE in state.told else ()
    return Answer(ended, (Reply("exit.done", closes=True), *still))
