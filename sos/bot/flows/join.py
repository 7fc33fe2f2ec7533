"""The web page for who writes by telephone: the page shows a code, she texts it, and what is hers opens on the page after her check word.

`WEB 482 193 7520`, in any letters, digits and signs; only a whole message counts. `WEB 0` closes the page again. Without an agreed word nothing could be
given back to her alone, so no page is opened. Nothing of hers travels by SMS, and the code stands in no transcript (DOMAIN 8, 11, 12).
"""

import re
from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows import proof
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import STOP_HERE
from sos.bot.messages import Channel, Kind, Reply
from sos.survivors.words import Word, plain

_SAID: Final = re.compile(r"(?:web|veb|veba|uebi?) ?((?:\d ?){9}\d|0)")
_LONGEST: Final = 40
CLOSE: Final = "0"


def code_in(text: str) -> str | None:
    """The digits of a code (or CLOSE) that this whole message is; None for every other text."""
    found = _SAID.fullmatch(plain(text)) if len(text) <= _LONGEST else None
    return found.group(1).replace(" ", "") if found else None


def said(turn: Turn) -> Answer | None:
    """She texts the code that the page shows."""
    code = code_in(turn.text) if turn.kind is Kind.TEXT and turn.desk.channel is not Channel.WEB else None
    if code is None:
        return None
    if code == CLOSE:
        turn.desk.close_pages()
        return Answer(turn.state, (Reply("join.closed"),))
    if not turn.desk.has_word(Word.CHECK):
        here = turn.state.goes("join.word")
        return Answer(here, (_word_question(here, turn.desk),))
    return Answer(turn.state, (Reply("join.done" if turn.desk.join_page(code) else "join.unknown"),))


def _word_question(_: State, __: Desk) -> Reply:
    return proof.word_first("join.word_first")


def _take_word(turn: Turn, value: str | None) -> Answer | None:
    return proof.agree(turn.state) if value == proof.AGREE.value else None


def _begin(state: State, desk: Desk) -> Answer:
    """On the page: a code, shown once; elsewhere how it is done. A page on which something of its own is kept or open is not let go of."""
    if desk.channel is not Channel.WEB:
        return Answer(state.goes(), (Reply("join.how", options=(STOP_HERE,)),))
    code = desk.page_code()
    if code is None:
        return Answer(state.goes(), (Reply("join.own_box"),), then="menu")
    shown = f"WEB {code[:3]} {code[3:6]} {code[6:]}"
    return Answer(state.goes(), (Reply("join.code", {"code": shown}, secret=True),))


def _question(_: State, __: Desk) -> Reply:
    return Reply("join.how", options=(STOP_HERE,))


STEPS = (
    Step("join", _question, lambda _, __: None, _begin, introduced=False),
    Step("join.word", _word_question, _take_word, introduced=False),
)
