"""What is hers: the plan, the evidence, what is known of her. The last stands on the web page only, because a text would stay in the phone."""

from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import STOP_HERE
from sos.bot.messages import Channel, Option, Reply

OPTIONS: Final = (
    Option("plan", "option.own.plan"),
    Option("evidence", "option.own.evidence"),
    Option("mine", "option.own.mine"),
    Option("checkin", "option.check_in"),
    Option("contact", "option.contact"),
    Option("consents", "option.own.consents"),
    STOP_HERE,
)


def _question(_: State, __: Desk) -> Reply:
    return Reply("own.ask", options=OPTIONS)


def _take(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


def _mine(state: State, desk: Desk) -> Reply:
    del state
    return Reply("mine.web" if desk.channel is Channel.WEB else "mine.elsewhere", options=(STOP_HERE,))


def _mine_begins(state: State, desk: Desk) -> Answer:
    how = () if desk.channel is Channel.WEB else (Reply("join.how"),)
    return Answer(state.goes(), (*how, _mine(state, desk)))


STEPS = (Step("own", _question, _take), Step("mine", _mine, begin=_mine_begins))
