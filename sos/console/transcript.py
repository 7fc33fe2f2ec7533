"""The conversation as an operator reads it: her words in order, transliterated beside Cyrillic, ours with what became of them. Pure.

Merges the transcript with what was noted on the alert. Shows no masked word: what she agreed stays hers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sos.console import words
from sos.conversations.actions import Direction, Said
from sos.outbox.states import Outbox
from sos.texts.script import has_cyrillic, to_latin


class Entry(Protocol):
    """What was noted on the alert."""

    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str | None: ...
    @property
    def by(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `who`: "her", "us" (a person), "program" or "event"."""

    id: str
    who: str
    at: datetime
    text: str = field(repr=False)
    latin: str = field(repr=False, default="")
    alias: str = ""
    language: str = ""
    delivery: str = ""
    undelivered: bool = False
    undo_until: datetime | None = None
    label: str = ""


_SAID = frozenset({"words", "answer"})
_QUIET = frozenset({"shown", "again", "idle"})
_UNDELIVERED = frozenset({Outbox.FAILED, Outbox.HELD, Outbox.EXPIRED})


def lines(
    said: Sequence[Said],
    entries: Sequence[Entry],
    *,
    states: Mapping[str, Outbox],
    undo: Mapping[str, datetime],
    aliases: Mapping[str, str],
    places: Mapping[str, str],
) -> list[Line]:
    """All lines by time. What she wrote, and what she was told, stands once: from the transcript where that opens, else as the alert keeps it.

    What a colleague wrote down from a call stands in the alert only.
    """
    found = [_line(one, said[:n], states, undo) for n, one in enumerate(said)]
    told = ("told.", "not_told.") if any(one.body.get("told") for one in said) else ()
    noted = [entry for entry in entries if not (said and entry.kind in _SAID and entry.by is None) and not entry.kind.startswith(told)]
    found += [_event(n, entry, aliases, places) for n, entry in enumerate(noted)]
    return sorted((line for line in found if line.text or line.label), key=lambda line: line.at)


def outbox_ids(said: Sequence[Said]) -> list[str]:
    """Which messages on their way belong to these lines."""
    return [str(one.body["outbox"]) for one in said if one.body.get("outbox")]


def _line(one: Said, before: Sequence[Said], states: Mapping[str, Outbox], undo: Mapping[str, datetime]) -> Line:
    body = one.body
    if body.get("closed"):
        return Line(one.id, "event", one.at, "", label="A line that does not open any more")
    text = str(body.get("text") or "")
    if one.direction is Direction.IN:
        return _hers(one, text, before)
    row = str(body.get("outbox") or "")
    state = states.get(row)
    person = str(body.get("alias") or "")
    return Line(
        one.id,
        "us" if person else "program",
        one.at,
        text,
        latin=to_latin(text) if has_cyrillic(text) else "",
        alias=person,
        language=str(body.get("language") or ""),
        delivery=words.of(words.DELIVERY, state.value) if state else "",
        undelivered=state in _UNDELIVERED,
        undo_until=undo.get(row),
    )


def _hers(one: Said, text: str, before: Sequence[Said]) -> Line:
    kind = str(one.body.get("kind") or "text")
    if one.body.get("masked"):
        return Line(one.id, "her", one.at, "…", label="one of her agreed words, or a try")
    if kind == "location":
        return Line(one.id, "her", one.at, "", label="She shared where she is")
    if kind == "button":
        labels = [button for said in before for button in said.body.get("buttons") or () if isinstance(button, dict)]
        tapped: Any = next((button.get("label") for button in reversed(labels) if button.get("value") == text), text)
        return Line(one.id, "her", one.at, str(tapped), label="tapped")
    return Line(one.id, "her", one.at, text, latin=to_latin(text) if has_cyrillic(text) else "")


def _event(n: int, entry: Entry, aliases: Mapping[str, str], places: Mapping[str, str]) -> Line:
    """What was noted on the alert: her words where no transcript has them, else a label, with a colleague's words where there are some."""
    text = entry.text or ""
    if entry.kind in _SAID:
        return Line(f"e{n}", "her", entry.at, text, latin=to_latin(text) if has_cyrillic(text) else "")
    kind, _, detail = entry.kind.partition(".")
    label = _LABELS[kind](detail, text, places) if kind in _LABELS else words.of(words.ENTRIES, entry.kind)
    own = "" if kind in _LABELS else text
    quiet = entry.kind in _QUIET
    by = aliases.get(str(getattr(entry, "by", None) or ""), "")
    return Line(f"e{n}", "event", entry.at, "" if quiet else own, alias=by, label="" if quiet else label, undelivered=kind == "not_told")


_LABELS: Mapping[str, Callable[[str, str, Mapping[str, str]], str]] = {
    "told": lambda detail, _, __: f"She was told: {words.of(words.TOLD, detail)}.",
    "not_told": lambda detail, _, __: f"She has not been told: {words.of(words.TOLD, detail)}.",
    "urgency": lambda detail, text, _: f"{words.of(words.URGENCIES, detail)}: {words.of(words.REASONS, text)}",
    "hand_off": lambda _, __, ___: "The hand-off card was kept",
    "call_unasked": lambda _, text, ___: f"A call without her answer was taken on: {text}",
    "lapse": lambda _, __, ___: "No answer in time, or given away: everyone was paged again",
    "duty": lambda _, __, ___: "Nobody was on duty when it came, and the first reply said so",
    "level": lambda detail, _, __: f"People were paged, round {int(detail) + 1 if detail.isdecimal() else detail}",
    "mark": lambda detail, _, __: words.of(words.MARKS, detail),
    "place": lambda _, text, places: f"Place: {places.get(text, text)}",
    "point": lambda _, __, ___: "She shared where she is",
}
