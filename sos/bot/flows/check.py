"""Whether it is she who writes: silence, her agreed words, the lock. A right and a wrong word read the same (DOMAIN 5, 7, 8)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sos.alerts.states import Mark, Note
from sos.bot.engine import AGAIN, Answer, State, fell_silent, locked_away, unlocked
from sos.bot.flows import cover, join, marks, sos, words
from sos.bot.flows.desk import Turn
from sos.bot.flows.picking import picked
from sos.bot.flows.shared import MOVING
from sos.bot.messages import Kind
from sos.bot.understanding.intents import Intent, Understanding
from sos.survivors.words import Word

MOST_TRIES: Final = 10
"""Words in an hour that were not right; after them the right one opens nothing, which nobody can see. It keeps a check-in all the same."""
WITHIN: Final = timedelta(hours=1)


def after_silence(turn: Turn) -> Turn:
    """After silence nothing earlier is shown before the check word; who has agreed none begins anew. An open SOS gets the words all the same.

    Cover stays on, except where an ERASE has left no word that could take it off.
    """
    state = turn.state
    if not fell_silent(state, turn.desk.now) or turn.kind in MOVING:
        return turn
    if state.cover:
        words_left = turn.desk.has_word(Word.COVER) or turn.desk.has_word(Word.CHECK)
        return (
            turn if words_left else turn.at(State(language=state.language, chosen=state.chosen, second=state.second, script=state.script))
        )
    hidden = locked_away(state)
    if turn.kind is Kind.TEXT and turn.desk.said_word(turn.text) is None and join.code_in(turn.text) is None:
        turn.desk.add(Note.WORDS, turn.text)
    if turn.desk.has_word(Word.CHECK):
        return turn.at(hidden)
    return turn.at(replace(hidden, locked=False, held={}))


def _asks_word(state: State) -> bool:
    """Whether the word is waited for: then the right one is answered as any other message, and `proven` acts on it afterwards."""
    return not state.cover and (state.locked or (state.step == "check" and not state.verified))


def agreed_word(turn: Turn) -> Turn | Answer | None:
    """Her own words work as whole messages only, and look the same whichever it was."""
    if turn.kind is not Kind.TEXT or not words.may_be_a_word(turn.text):
        return None
    word = turn.desk.said_word(turn.text)
    if word is None or turn.state.step == "words.write":
        return None
    state = turn.state
    if word is not Word.COVER and _asks_word(state):
        if word is Word.DURESS:
            _under_duress(turn)
        return _like_any_other(turn)
    return _acted_on(turn, state, word)


def _like_any_other(turn: Turn) -> Turn:
    nothing = Understanding("", Intent.UNKNOWN, language=turn.understood.language)
    return replace(turn, understood=nothing, text="", command=None, located=None)


def _acted_on(turn: Turn, state: State, word: Word) -> Answer:
    if word is Word.COVER:
        stays = not state.cover or turn.desk.has_word(Word.CHECK)
        return cover.put_on(state) if stays else cover.take_off(state)
    if word is Word.DURESS:
        _under_duress(turn)
        return cover.office(state) if state.cover else marks.noted(sos.not_here(state))
    if state.cover:
        return cover.take_off(unlocked(state) if state.locked else replace(state, verified=True))
    return marks.noted(shown_again(turn, replace(state, verified=True)))


def shown_again(turn: Turn, state: State) -> State:
    """Who has proved that it is she is told what becomes of her open alert, although it was raised before the silence."""
    return replace(state, told=sos.told_here(state.told)) if turn.desk.open_alert() is not None else state


def _under_duress(turn: Turn) -> None:
    if turn.desk.open_alert() is None:
        turn.desk.raise_alert("duress_word", "", state=turn.state)
    turn.desk.mark(Mark.DURESS)


def tries(state: State, now: datetime) -> tuple[str, ...]:
    """The times of the last hour's words that were not right."""
    return tuple(one for one in state.tries if _is_recent(one, now))[-MOST_TRIES:]


def tried_again(state: State, now: datetime) -> State:
    """With one more of them."""
    return replace(state, tries=(*tries(state, now), now.isoformat())[-MOST_TRIES:])


def _is_recent(tried: str, now: datetime) -> bool:
    try:
        return now - datetime.fromisoformat(tried) < WITHIN
    except (ValueError, TypeError):
        return False


def keeps_check_in(turn: Turn) -> None:
    """The check word, wherever it is said, keeps the check-in whose hour it is; nothing else does, and no answer tells (DOMAIN 10)."""
    may_be = turn.kind is Kind.TEXT and words.may_be_a_word(turn.text) and turn.state.step != "words.write"
    if may_be and turn.desk.said_word(turn.text) is Word.CHECK:
        turn.desk.check_word_said()


def proven(turn: Turn, answer: Answer) -> Answer:
    """What the right word opens, once it was answered like any other message: with the next one she is back where she stood."""
    tried = turn.kind is Kind.TEXT and words.may_be_a_word(turn.text) and _asks_word(turn.state) and turn.state.step != "words.write"
    if not tried:
        return answer
    word, now = turn.desk.said_word(turn.text), turn.desk.now
    if word is None and picked(turn) is None:
        return replace(answer, state=tried_again(answer.state, now))
    if word is not Word.CHECK or len(tries(turn.state, now)) >= MOST_TRIES:
        return answer
    state = unlocked(answer.state) if answer.state.locked else replace(answer.state.goes(), verified=True)
    state = shown_again(turn, state)
    return replace(answer, state=replace(state, step="sos") if answer.state.step == "sos" else state, said_in=answer.state)


def locked(turn: Turn) -> Answer | None:
    """Ask for the check word, thank, ask again: by turns, whatever comes. What was held back stays so until it was the right one.

    Words of danger, which nobody can have agreed, go on; so does who begins anew.
    """
    state = turn.state
    if not _asks_word(state) or turn.understood.danger is not None or state.step not in ("", "check"):
        return None
    if state.step == "":
        return Answer(state, then="check")
    if picked(turn) is not None:
        return None
    if words.may_be_a_word(turn.text):
        turn.desk.mark(Mark.WRONG_WORD)
    if state.misses:
        return Answer(replace(state, misses=0), then=AGAIN)
    return marks.noted(replace(state, misses=1))
