"""Deleting the messages of a Telegram chat, under two days old: a choice of its own, beside ERASE and without it (DOMAIN 7, 21).

Hides from who looks at the phone; on our side it deletes nothing and cancels nothing. What stays is said.
"""

from typing import Final

from sos.bot.engine import SEPARATOR, Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NO, YES
from sos.bot.messages import Channel, Kind, Option, Reply

OPTION: Final = Option("chat", "option.chat")
_OFFERED: Final = "chat-"


def is_possible(desk: Desk) -> bool:
    """Only Telegram lets us."""
    return desk.channel is Channel.TELEGRAM


def delete(state: State, desk: Desk) -> Answer:
    """Delete now."""
    desk.delete_chat()
    return Answer(state.goes(), (Reply("chat.deleted", bare=True),))


def offer(desk: Desk) -> tuple[Reply, ...]:
    """The choice that stands beside an ERASE; prepared before her key is gone."""
    prepared = desk.offer_chat() if is_possible(desk) else None
    if prepared is None:
        return ()
    return (Reply("chat.offer", options=(Option(f"{_OFFERED}{prepared}", "option.chat"),), bare=True),)


def accepted(turn: Turn) -> Answer | None:
    """The tap on that choice. It meets a new, empty box, which stays untouched."""
    mark = f"{SEPARATOR}{_OFFERED}"
    if turn.kind is not Kind.BUTTON or not turn.text.startswith(mark):
        return None
    done = turn.desk.accept_offer(turn.text.removeprefix(mark))
    return Answer(turn.state, (Reply("chat.accepted" if done else "chat.late", bare=True),))


def _question(_: State, __: Desk) -> Reply:
    return Reply("chat.ask", options=(YES, NO))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == YES.value and is_possible(turn.desk):
        return delete(turn.state, turn.desk)
    return Answer(turn.state, then="menu") if value else None


STEPS = (Step("chat", _question, _take, introduced=False),)
