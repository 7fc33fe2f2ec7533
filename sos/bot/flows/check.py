"""Whether it is she who writes: silence, her agreed words, the lock. A right and a wrong word read the same (DOMAIN 5, 7, 8)."""

from dataclasses import replace

from sos.alerts.states import Mark, Note
from sos.bot.engine import Answer, State, fell_silent, locked_away, unlocked
from sos.bot.flows import cover, marks, words
from sos.bot.flows.desk import Turn
from sos.bot.flows.picking import picked
from sos.bot.flows.shared import MOVING
from sos.bot.messages import Kind
from sos.survivors.words import Word


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
    if turn.kind is Kind.TEXT and turn.desk.said_word(turn.text) is None:
        turn.desk.add(Note.WORDS, turn.text)
    if turn.desk.has_word(Word.CHECK):
        return turn.at(hidden)
    return turn.at(replace(hidden, locked=False, held={}))


def agreed_word(turn: Turn) -> Answer | None:
    """Her own words work as whole messages only, and look the same whichever it was."""
    if turn.kind is not Kind.TEXT or not words.may_be_a_word(turn.text):
        return None
    word = turn.desk.said_word(turn.text)
    if word is None or turn.state.step == "words.write":
        return None
    state = turn.state
    if word is Word.COVER:
        stays = not state.cover or turn.desk.has_word(Word.CHECK)
        return cover.put_on(state) if stays else cover.take_off(state)
    if word is Word.DURESS:
        if turn.desk.open_alert() is None:
            turn.desk.raise_alert("duress_word", "")
        turn.desk.mark(Mark.DURESS)
        return cover.office(state) if state.cover else marks.noted(state)
    if state.cover:
        return cover.take_off(unlocked(state) if state.locked else replace(state, verified=True))
    return marks.noted(unlocked(state) if state.locked else replace(state, verified=True))


def locked(turn: Turn) -> Answer | None:
    """Ask for the check word once; whatever word comes is answered alike, and what was held back stays so until it is the right one."""
    state = turn.state
    if not state.locked or state.step == "sos":
        return None
    if state.step == "check":
        if picked(turn) is None and words.may_be_a_word(turn.text):
            turn.desk.mark(Mark.WRONG_WORD)
            return marks.noted(state.goes())
        return None
    return None if "check" in state.told else Answer(replace(state, told=(*state.told, "check")), then="check")
