"""Evidence is hers (DOMAIN 19): asked first, kept only at her yes, words as they stand and files as they came, with exact times.

Nothing is opened or judged here. What she keeps is given back on the web page alone, after her check word; by SMS only words can be kept.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sos.bot.engine import Answer, State, pick
from sos.bot.flows import proof
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NO, STOP_HERE, YES
from sos.bot.messages import Attached, Channel, Kind, Option, Reply
from sos.survivors.evidence.states import MOST_BYTES
from sos.survivors.words import Word

WRITING: Final = "evidence.words"
SENDING: Final = "evidence.file"
DONE: Final = Option("done", "option.done")
WORDS: Final = Option("words", "option.evidence.words")
FILE: Final = Option("file", "option.evidence.file")
DELETE: Final = Option("delete", "option.evidence.delete")
LIMIT: Final = MOST_BYTES // (1024 * 1024)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file as it came, with its own times; while she is asked, it waits in her sealed state as a reference, not as a file."""

    file: Attached
    caption: str = field(repr=False)
    sent_at: datetime | None
    received_at: datetime | None

    def to_json(self) -> dict[str, Any]:
        times = {name: at.isoformat() if at else None for name, at in (("sent_at", self.sent_at), ("received_at", self.received_at))}
        return {**asdict(self.file), "caption": self.caption, **times}

    @classmethod
    def from_json(cls, stored: object) -> "_Sent | None":
        """What was kept; None for anything else."""
        try:
            content = dict(stored)  # type: ignore[call-overload]
            caption, sent_at, received_at = str(content.pop("caption")), content.pop("sent_at"), content.pop("received_at")
            times = [datetime.fromisoformat(at) if at else None for at in (sent_at, received_at)]
            return cls(Attached(**content), caption, times[0], times[1])
        except (TypeError, ValueError, KeyError):
            return None


def _begin(state: State, desk: Desk) -> Answer:
    here = state.goes("evidence" if desk.has_word(Word.CHECK) else "evidence.word")
    return Answer(here, ((_question if here.step == "evidence" else _word_question)(here, desk),))


def _word_question(_: State, __: Desk) -> Reply:
    return proof.word_first("evidence.word_first")


def _take_word(turn: Turn, value: str | None) -> Answer | None:
    return proof.agree(turn.state) if value == proof.AGREE.value else None


def _question(_: State, desk: Desk) -> Reply:
    files = () if desk.channel is Channel.SMS else (FILE,)
    return Reply("evidence.ask", options=(WORDS, *files, DELETE, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == FILE.value and turn.desk.channel is Channel.WEB:
        return Answer(turn.state.goes(), (Reply("evidence.file.web"),), then="menu")
    steps = {WORDS.value: WRITING, FILE.value: SENDING, DELETE.value: "evidence.delete"}
    return Answer(turn.state, then=steps[value]) if value in steps else None


def _words_question(_: State, __: Desk) -> Reply:
    return Reply("evidence.words.ask", options=(DONE, STOP_HERE))


def _file_question(_: State, __: Desk) -> Reply:
    return Reply("evidence.file.ask", options=(DONE, STOP_HERE))


def heard(turn: Turn) -> Turn:
    """Keep what she writes at this step, before anything else is made of it: words of danger raise all the same, and are kept."""
    if turn.state.step != WRITING or turn.kind is not Kind.TEXT or turn.command is not None or not turn.text.strip():
        return turn
    if pick(turn.text, (DONE, STOP_HERE), labels=turn.labels) or not turn.desk.has_word(Word.CHECK):
        return turn
    number = turn.desk.keep_words(turn.text, sent_at=turn.sent_at, received_at=turn.received_at)
    return replace(turn, kept=True, kept_as=number)


def _take_words(turn: Turn, value: str | None) -> Answer | None:
    if value == DONE.value:
        return Answer(turn.state.goes(), then="menu")
    if not turn.kept:
        return None
    return Answer(turn.state, (Reply("evidence.kept", {"n": turn.kept_as, "time": turn.desk.now}, options=(DONE, STOP_HERE)),))


def _take_file(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state.goes(), then="menu") if value == DONE.value else None


def picture(turn: Turn) -> Answer | None:
    """A photo or file on a channel from which it can be fetched: kept where she was just asked for it, else offered. None: not here."""
    if turn.file is None or turn.state.step == "sos":
        return None
    if turn.state.step == SENDING:
        return _fetched(turn.desk, turn.state, _Sent(turn.file, turn.text, turn.sent_at, turn.received_at))
    here = turn.state.wishes(file=_Sent(turn.file, turn.text, turn.sent_at, turn.received_at).to_json()).goes("evidence.offer")
    return Answer(here, (_offer(here, turn.desk),))


def _fetched(desk: Desk, state: State, sent: "_Sent") -> Answer:
    if not desk.fetch(sent.file, sent_at=sent.sent_at, received_at=sent.received_at):
        return Answer(state, (Reply("evidence.too_large", {"limit": LIMIT}),))
    if sent.caption.strip():
        desk.keep_words(sent.caption, sent_at=sent.sent_at, received_at=sent.received_at)
    return Answer(state, (Reply("evidence.fetching"),))


def _offer(_: State, __: Desk) -> Reply:
    return Reply("evidence.offer", options=(YES, NO, STOP_HERE))


def _take_offer(turn: Turn, value: str | None) -> Answer | None:
    state = turn.state.wishes(file=None)
    if value == NO.value:
        return Answer(state.goes(), (Reply("evidence.dropped"),), then="menu")
    if value != YES.value:
        return None
    if not turn.desk.has_word(Word.CHECK):
        return Answer(state, then="evidence")
    sent = _Sent.from_json(turn.state.wish.get("file"))
    return _fetched(turn.desk, state.goes(SENDING), sent) if sent else Answer(state, then="evidence")


def _begin_delete(state: State, desk: Desk) -> Answer:
    asked = proof.asked_first(state, desk, after="evidence.delete")
    if asked is not None:
        return asked
    here = state.goes("evidence.delete")
    return Answer(here, (_delete_question(here, desk),))


def _delete_question(_: State, __: Desk) -> Reply:
    return Reply("evidence.delete.ask", options=(YES, NO, STOP_HERE))


def _take_delete(turn: Turn, value: str | None) -> Answer | None:
    if value == YES.value:
        turn.desk.erase_evidence()
        return Answer(turn.state.goes(), (Reply("evidence.deleted"),), then="menu")
    return Answer(turn.state, then="menu") if value == NO.value else None


STEPS = (
    Step("evidence", _question, _take, _begin),
    Step("evidence.word", _word_question, _take_word),
    Step(WRITING, _words_question, _take_words, free=True),
    Step(SENDING, _file_question, _take_file),
    Step("evidence.offer", _offer, _take_offer, introduced=False),
    Step("evidence.delete", _delete_question, _take_delete, _begin_delete),
)
