"""First contact in two short steps: a discreet line, then what is kept and the limits, before any question (DOMAIN 2). An SOS skips both.

What she asked in her first message is kept, and gone on to afterwards; she is never asked for it twice.
"""

from dataclasses import replace

from sos.bot.engine import Answer, Introduced, State
from sos.bot.flows import numbers
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import GO_ON, NUMBERS, STOP_HERE, YES
from sos.bot.messages import Reply


def _hello(_: State, __: Desk) -> Reply:
    return Reply("first.hello", options=(GO_ON, NUMBERS, STOP_HERE))


def _begin_hello(state: State, desk: Desk) -> Answer:
    here = state.goes("first", introduced=Introduced.HELLO)
    hint = () if state.language else (Reply("language.hint"),)
    return Answer(here, (_hello(here, desk), *hint))


def _take_hello(turn: Turn, value: str | None) -> Answer | None:
    """Whatever she writes instead of a number is a wish to go on: it was kept before this step is asked."""
    return Answer(turn.state, then=NUMBERS.value if value == NUMBERS.value else "first.limits")


def _limits(state: State, desk: Desk) -> Reply:
    police = numbers.police(state, desk)
    options = (YES, STOP_HERE)
    return Reply("first.limits", {"police": police}, options) if police else Reply("first.limits.no_police", options=options)


def _begin_limits(state: State, desk: Desk) -> Answer:
    here = state.goes("first.limits", introduced=Introduced.LIMITS)
    return Answer(here, (_limits(here, desk),))


def _take_limits(turn: Turn, _: str | None) -> Answer | None:
    """Writing on after the limits were said is going on."""
    state = turn.state
    return Answer(replace(state, introduced=Introduced.DONE, after=""), then=state.after or "menu")


STEPS = (
    Step("first", _hello, _take_hello, _begin_hello, introduced=False),
    Step("first.limits", _limits, _take_limits, _begin_limits, introduced=False),
)
