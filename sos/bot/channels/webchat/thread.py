"""Which lines of her own conversation the page may show. Pure.

After 30 minutes of silence nothing earlier is shown (DOMAIN 8), nor what stands before a dropped curtain (a cover word, DOMAIN 7), until an answer
lifts it (the check word). The conversation marks its answers: `"curtain": "drop"` hides all before that line, `"curtain": "lift"` shows it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sos.conversations.actions import Direction, Said

SILENCE = timedelta(minutes=30)
MASKED = "…"
"""Stands for a line of hers that the conversation marks `"masked": true`: a word she agreed must not stand on her screen."""


class Curtain(StrEnum):
    """What an answer does to the lines before it."""

    DROP = "drop"
    LIFT = "lift"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that she may tap."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line on the screen. `language`: as an HTML lang, empty where it is not known; `once`: it is not shown again."""

    ours: bool
    text: str = field(repr=False)
    language: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """What the page shows of the conversation."""

    lines: tuple[Line, ...] = ()
    answers: tuple[Answer, ...] = ()
    ask_location: str = ""  #: the label of the button; empty where no place is asked for
    language: str = ""  #: of the latest answer
    mark: str = "none"  #: changes when the lines do


def shown(said: Sequence[Said], now: datetime) -> Sequence[Said]:
    """The part of the transcript that may be seen now."""
    later, lifted = now, False
    for place in range(len(said) - 1, -1, -1):
        line = said[place]
        if not lifted and later - line.at > SILENCE:
            return said[place + 1 :]
        curtain = line.body.get("curtain") if line.direction is Direction.OUT else None
        if not lifted and curtain == Curtain.DROP:
            return said[place:]
        lifted = lifted or curtain == Curtain.LIFT
        later = line.at
    return said


def thread(said: Sequence[Said], once: Sequence[Mapping[str, Any]], now: datetime) -> Thread:
    """What the page shows. `once`: bodies of answers that are shown a single time and stand in no transcript."""
    said = [line for line in said if not line.body.get("unseen")]  # kept back: she has not been told
    seen = shown(said, now)
    hidden = len(said) - len(seen)
    lines = [_line(said, hidden + place) for place in range(len(seen))]
    lines += [Line(ours=True, text=str(body.get("text") or ""), language=_language(body), once=True) for body in once]
    asked = [*once, *_since_her_last(seen)]
    question: Mapping[str, Any] = next((body for body in reversed(asked) if body.get("buttons") or body.get("ask_location")), {})
    return Thread(
        lines=tuple(line for line in lines if line.text),
        answers=tuple(_answers(question)),
        ask_location=str(question.get("ask_location") or ""),
        language=next((found for body in reversed(asked) if (found := _language(body))), ""),
        mark="once" if once else (seen[-1].id if seen else "none"),
    )


def _line(said: Sequence[Said], place: int) -> Line:
    line = said[place]
    text = str(line.body.get("text") or "")
    if line.direction is Direction.OUT:
        return Line(ours=True, text=text, language=_language(line.body))
    return Line(ours=False, text=_hers(line.body, text, said[:place]))


def _hers(body: Mapping[str, Any], text: str, before: Sequence[Said]) -> str:
    """What she wrote; of a tap what the button said, since the value behind it is ours; of a place that she shared it."""
    if body.get("masked"):
        return MASKED
    kind = body.get("kind", "text")
    asked = _since_her_last(before)
    if kind == "location":
        return next((str(one["ask_location"]) for one in reversed(asked) if one.get("ask_location")), "")
    labels = {answer.value: answer.label for one in asked for answer in _answers(one)}
    return labels.get(text, text if kind == "text" else "")


def _since_her_last(seen: Sequence[Said]) -> Sequence[Mapping[str, Any]]:
    bodies: list[Mapping[str, Any]] = []
    for line in reversed(seen):
        if line.direction is Direction.IN:
            break
        bodies.insert(0, line.body)
    return bodies


def _answers(body: Mapping[str, Any]) -> list[Answer]:
    buttons = body.get("buttons")
    if not isinstance(buttons, list):
        return []
    return [
        Answer(str(button["value"]), str(button["label"]))
        for button in buttons
        if isinstance(button, dict) and {"value", "label"} <= button.keys()
    ]


def _language(body: Mapping[str, Any]) -> str:
    found = body.get("language")
    return found if isinstance(found, str) else ""
