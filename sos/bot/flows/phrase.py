"""The code phrase, on the web only: shown once, kept in no transcript, revocable; never by SMS, Telegram or in an address (DOMAIN 12)."""

from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NO, STOP_HERE, YES
from sos.bot.messages import Channel, Option, Reply


def _begin(state: State, desk: Desk) -> Answer:
    if desk.channel is not Channel.WEB:
        return Answer(state.goes(), (Reply("phrase.web_only"),))
    here = state.goes("phrase")
    return Answer(here, (_question(here, desk),))


def _question(_: State, __: Desk) -> Reply:
    return Reply("phrase.ask", options=(YES, NO, Option("revoke", "option.phrase.revoke"), STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == YES.value:
        made = Reply("phrase.shown", {"phrase": turn.desk.code_phrase()}, secret=True)
        return Answer(turn.state.goes(), (made,), then="menu")
    if value == "revoke":
        turn.desk.revoke_phrase()
        return Answer(turn.state.goes(), (Reply("phrase.revoked"),), then="menu")
    return Answer(turn.state, then="menu") if value == NO.value else None


STEPS = (Step("phrase", _question, _take, _begin),)
