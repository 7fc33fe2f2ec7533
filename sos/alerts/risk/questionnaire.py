"""Risk questionnaires as files: `config/questionnaires/<slug>.<version>.toml`, dated and sourced. Reads them strictly; scores nothing.

No text of a licensed tool stands in this project: who holds a licence adds a file. Points are never negative, so that one answer more
never lowers anything; no question can be made a must.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sos.alerts.risk.errors import BadQuestionnaire

_TOP: Final = {"slug", "version", "title", "source", "licence", "demonstration", "review", "question", "band"}
_QUESTION: Final = {"id", "text", "answer"}
_ANSWER: Final = {"code", "label", "points", "reason"}
_BAND: Final = {"from", "name", "advice", "raises"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer. `reason`: what the operator reads where it is given; empty where it says nothing."""

    code: str
    label: str
    points: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers; skipping is always another one."""

    id: str
    text: str
    answers: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """From so many points on. `raises`: whether it gives the alert one more reason of urgency."""

    start: int
    name: str
    advice: str
    raises: bool = False


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version. `review`: who has read it and when, or "none"."""

    slug: str
    version: str
    title: str
    source: str
    licence: str
    demonstration: bool
    review: str
    questions: tuple[Question, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """All that can be used. A broken file is left out and named in `problems`."""

    files: tuple[Questionnaire, ...]
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> "Questionnaires":
        """Read `folder/*.toml`; never raises."""
        found: list[Questionnaire] = []
        problems: list[str] = []
        for path in sorted(folder.glob("*.toml")):
            try:
                found.append(read(path))
            except BadQuestionnaire as error:
                problems.append(str(error))
        return cls(tuple(found), tuple(problems))

    def current(self, today: date) -> dict[str, Questionnaire]:
        """By slug: the newest version that is not of the future."""
        usable = [one for one in self.files if date.fromisoformat(one.version) <= today]
        return {one.slug: one for one in sorted(usable, key=lambda one: one.version)}

    def unreviewed(self) -> tuple[str, ...]:
        """`slug version` of what nobody has signed or what only demonstrates: refused by `flask doctor --strict`."""
        return tuple(f"{one.slug} {one.version}" for one in self.files if one.demonstration or one.review == "none")


def read(path: Path) -> Questionnaire:
    """One file. Raises BadQuestionnaire with the one thing that is wrong."""
    try:
        made = _made(tomllib.loads(path.read_text(encoding="utf-8")))
        if path.name != f"{made.slug}.{made.version}.toml":
            raise ValueError(f"the file must be called {made.slug}.{made.version}.toml")
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise BadQuestionnaire(f"{path.name}: cannot be read: {type(error).__name__}") from None
    except KeyError as error:
        raise BadQuestionnaire(f"{path.name}: {error.args[0]} is missing") from None
    except (TypeError, ValueError) as error:
        raise BadQuestionnaire(f"{path.name}: {error}") from None
    return made


def _made(content: Mapping[str, Any]) -> Questionnaire:
    _only(content, _TOP, "the file")
    version = str(content["version"])
    date.fromisoformat(version)
    made = Questionnaire(
        slug=_text(content, "slug"),
        version=version,
        title=_text(content, "title"),
        source=_text(content, "source"),
        licence=_text(content, "licence"),
        demonstration=_flag(content["demonstration"], "demonstration"),
        review=_text(content, "review"),
        questions=tuple(_question(table) for table in content["question"]),
        bands=tuple(_band(table) for table in content["band"]),
    )
    starts = [band.start for band in made.bands]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise ValueError("bands must begin at 0 and go up")
    if any(lower.raises and not higher.raises for lower, higher in zip(made.bands, made.bands[1:], strict=False)):
        raise ValueError("a higher band must raise where a lower one does")
    _once([question.id for question in made.questions], "question")
    return made


def _question(table: Mapping[str, Any]) -> Question:
    _only(table, _QUESTION, f"question {table['id']}")
    answers = tuple(_choice(entry) for entry in table["answer"])
    if len(answers) < 2:
        raise ValueError(f"question {table['id']} needs at least two answers")
    _once([answer.code for answer in answers], f"answer of {table['id']}")
    return Question(_text(table, "id"), _text(table, "text"), answers)


def _choice(table: Mapping[str, Any]) -> Choice:
    _only(table, _ANSWER, f"answer {table['code']}")
    return Choice(_text(table, "code"), _text(table, "label"), _count(table["points"], "points"), str(table.get("reason", "")))


def _band(table: Mapping[str, Any]) -> Band:
    _only(table, _BAND, "a band")
    return Band(_count(table["from"], "from"), _text(table, "name"), _text(table, "advice"), _flag(table.get("raises", False), "raises"))


def _only(table: Mapping[str, Any], known: set[str], what: str) -> None:
    if odd := sorted(set(table) - known):
        raise ValueError(f"{what} has an unknown field {odd[0]}")


def _text(table: Mapping[str, Any], name: str) -> str:
    if not isinstance(table[name], str) or not table[name].strip():
        raise ValueError(f"{name} must be words")
    return str(table[name])


def _count(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} must be a whole number from 0 up")
    return value


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be true or false")
    return value


def _once(names: list[str], what: str) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"{what} {twice} stands twice")
