"""ERASE (DOMAIN 11). The word alone erases at once; a sentence about erasing is asked about first, since nothing brings it back.

The reply is the same whether something is open or not; only who has said the check word reads more.
"""

from sos.bot.engine import Answer, State
from sos.bot.flows import chat
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NO, YES
from sos.bot.messages import Reply


def erase(state: State, desk: Desk) -> Answer:
    """Erase now. What remains of the state is her language: the next message meets a new, empty box."""
    is_open = desk.open_alert() is not None
    offered = () if state.cover else chat.offer(desk)
    desk.erase(verified=state.verified)
    hidden = "erase.hidden.chat" if offered else "erase.hidden"
    key = "erase.deleted" if state.verified and not is_open else hidden
    fresh = State(language=state.language, chosen=state.chosen, second=state.second, script=state.script, cover=state.cover)
    return Answer(fresh, (Reply(key, bare=True), *offered))


def _question(_: State, __: Desk) -> Reply:
    return Reply("erase.ask", options=(YES, NO))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == YES.value:
        return erase(turn.state, turn.desk)
    return Answer(turn.state, then="menu") if value == NO.value else None


STEPS = (Step("erase", _question, _take, introduced=False),)
