"""The words she agrees: check, cover, duress (DOMAIN 5, 7, 8). Each is a whole message; none is ever shown again.

A check word that stands can be replaced only by who has just said it. Words that are commands, or mean danger, are refused: nothing may stand
between such a word and what it does.
"""

from dataclasses import replace
from typing import Final

from sos.bot.engine import Answer, State, is_label
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import GO_ON, STOP_HERE
from sos.bot.messages import Channel, Option, Reply
from sos.bot.understanding.intents import Intent
from sos.survivors.words import Word, plain

SHORTEST: Final = 4
LONGEST: Final = 30
MOST_WORDS: Final = 4
_KINDS: Final = tuple(Option(kind.value, f"option.word.{kind.value}") for kind in Word)
PHRASE: Final = Option("phrase", "option.phrase")


def may_be_a_word(text: str) -> bool:
    """Whether a message has the size of an agreed word; only such are compared."""
    word = plain(text)
    return 0 < len(word) <= LONGEST and len(word.split()) <= MOST_WORDS


def _begin(state: State, desk: Desk) -> Answer:
    if desk.has_word(Word.CHECK) and not state.verified:
        here = state.goes("check", after="words")
        return Answer(here, (Reply("check.ask", options=(GO_ON,)),))
    here = state.goes("words")
    return Answer(here, (_question(here, desk),))


def _question(_: State, desk: Desk) -> Reply:
    phrase = (PHRASE,) if desk.channel is Channel.WEB else ()
    return Reply("words.ask", options=(*_KINDS, *phrase, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == PHRASE.value:
        return Answer(turn.state, then="phrase")
    return Answer(turn.state.wishes(word=value), then="words.write") if value else None


def _write(state: State, _: Desk) -> Reply:
    kind = state.wish.get("word")
    return Reply(f"words.write.{kind if kind in set(Word) else Word.CHECK.value}", options=(STOP_HERE,))


def _means_something(turn: Turn) -> bool:
    """Whether the word is one that anybody may write, or that is answered for what it says: such a word proves nothing."""
    said = turn.understood
    known = said.intent is not Intent.UNKNOWN or said.category is not None or said.danger is not None
    return known or turn.command is not None or is_label(turn.text, (GO_ON, STOP_HERE), labels=turn.labels)


def _take_word(turn: Turn, _: str | None) -> Answer | None:
    state, desk, word = turn.state, turn.desk, plain(turn.text)
    taken = _means_something(turn) or desk.said_word(turn.text) is not None
    if not may_be_a_word(turn.text) or len(word) < SHORTEST or word.isdecimal() or taken:
        return Answer(state, (Reply("words.unfit", options=(STOP_HERE,)),))
    kind = Word(state.wish.get("word", Word.CHECK.value))
    desk.agree_word(kind, turn.text)
    verified = state.verified or kind is Word.CHECK
    return Answer(replace(state.wishes(word=None).goes(), verified=verified), (Reply("words.kept"),), then="menu")


def _check(_: State, __: Desk) -> Reply:
    return Reply("check.ask", options=(GO_ON,))


def _take_check(turn: Turn, value: str | None) -> Answer | None:
    """Going on without the word begins anew. A word, right or wrong, is answered before any step."""
    return Answer(turn.state.goes(), then="menu") if value else None


STEPS = (
    Step("words", _question, _take, _begin),
    Step("words.write", _write, _take_word, free=True),
    Step("check", _check, _take_check, introduced=False),
)
