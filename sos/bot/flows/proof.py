"""What waits for the check word: her plan, her evidence, all that is known of her. Asked the same way whatever lies behind it."""

from dataclasses import replace
from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk
from sos.bot.flows.options import GO_ON, STOP_HERE
from sos.bot.messages import Option, Reply
from sos.survivors.words import Word

AGREE: Final = Option("agree", "option.own.word")


def asked_first(state: State, desk: Desk, *, after: str) -> Answer | None:
    """The question for her word, where she has agreed one and has not said it; None where she has said it, or has none."""
    if state.verified or not desk.has_word(Word.CHECK):
        return None
    return Answer(state.goes("check", after=after), (Reply("own.check", options=(GO_ON,)),))


def agree(state: State) -> Answer:
    """She wants to agree a check word now."""
    return Answer(replace(state.wishes(word=Word.CHECK.value), misses=0), then="words.write")


def word_first(key: str, *others: Option) -> Reply:
    """Without a check word nothing could be given back to her alone."""
    return Reply(key, options=(AGREE, *others, STOP_HERE))
