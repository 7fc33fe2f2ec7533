"""Questionnaires from `config/assessments/<slug>.<version>.toml`: areas, questions, answers and the categories of help that an answer points to.

Dated and sourced, every question optional. An assessment keeps the version it was asked in. A file that is wrong is named and left out.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sos.assessments.errors import WrongQuestionnaire

LANGUAGES: Final = ("en", "sq", "sr")
UNREVIEWED: Final = "none"
_TOP: Final = {"slug", "version", "dated", "source", "review", "programme", "title", "area", "question"}
_AREA: Final = {"id", "title"}
_QUESTION: Final = {"id", "area", "text", "safety", "answer"}
_ANSWER: Final = {"code", "label", "need", "categories"}


class Programme(StrEnum):
    """Whose record it is. The two are never kept on one record (DOMAIN 42)."""

    PROTECTION = "protection"  #: a person whom the hotline meets
    HOUSEHOLD = "household"  #: gap assistance, home visits, returnees


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `need`: whether it tells that something is missing; `categories`: what kind of service could help."""

    code: str
    label: Mapping[str, str] = field(repr=False)
    need: bool
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `safety`: asked only when she is alone."""

    id: str
    area: str
    text: Mapping[str, str] = field(repr=False)
    answers: tuple[Choice, ...] = field(repr=False)
    safety: bool = False

    def answer(self, code: str) -> Choice | None:
        return next((one for one in self.answers if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of one questionnaire. `areas`: id -> title by language, in order."""

    slug: str
    version: int
    dated: date
    source: str
    review: str
    title: Mapping[str, str] = field(repr=False)
    areas: Mapping[str, Mapping[str, str]] = field(repr=False)
    questions: tuple[Question, ...] = field(repr=False)
    programme: Programme = Programme.PROTECTION

    def question(self, question_id: str) -> Question | None:
        return next((one for one in self.questions if one.id == question_id), None)


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """Every version of every file that can be used. `problems`: files that were left out, and why."""

    by_key: Mapping[tuple[str, int], Questionnaire]
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path, *, categories: Collection[str]) -> "Questionnaires":
        """Read and check every file; `categories`: the slugs that exist. Never raises."""
        found: dict[tuple[str, int], Questionnaire] = {}
        problems = []
        for file in sorted(folder.glob("*.toml")):
            try:
                one = read(file, categories=categories)
                if (one.slug, one.version) in found:
                    raise WrongQuestionnaire(f"{file.name}: version {one.version} of {one.slug} exists twice")
            except WrongQuestionnaire as error:
                problems.append(str(error))
                continue
            found[one.slug, one.version] = one
        return cls(found, tuple(problems))

    @property
    def newest(self) -> Mapping[str, Questionnaire]:
        """The newest version of each, by slug."""
        return {slug: one for (slug, _), one in sorted(self.by_key.items())}

    def of(self, slug: str, version: int) -> Questionnaire:
        """The version an assessment was asked in. Raises WrongQuestionnaire when its file is gone."""
        try:
            return self.by_key[slug, version]
        except KeyError:
            raise WrongQuestionnaire(f"{slug}: version {version} is gone; what was asked in it needs its file") from None


def read(file: Path, *, categories: Collection[str]) -> Questionnaire:
    """One file. Raises WrongQuestionnaire with its first fault."""
    known = frozenset(categories)
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongQuestionnaire(f"{file.name}: cannot be read: {type(error).__name__}") from None
    _only(table, _TOP, file.name)
    try:
        areas = {one["id"]: _words(one["title"], f"{file.name}, area {one['id']}") for one in table["area"]}
        for one in table["area"]:
            _only(one, _AREA, f"{file.name}, area {one['id']}")
        questions = tuple(_question(one, f"{file.name}, question {n}", areas, known) for n, one in enumerate(table["question"], 1))
        made = Questionnaire(
            table["slug"],
            table["version"],
            table["dated"],
            table["source"],
            table["review"],
            _words(table["title"], f"{file.name}, title"),
            areas,
            questions,
            Programme(table.get("programme", Programme.PROTECTION)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongQuestionnaire(f"{file.name}: {error} is missing or of the wrong kind") from None
    if len({one.id for one in questions}) != len(questions) or not questions:
        raise WrongQuestionnaire(f"{file.name}: each question has an id of its own")
    if not isinstance(made.dated, date) or not isinstance(made.version, int) or made.version < 1:
        raise WrongQuestionnaire(f"{file.name}: dated is a day, version a number from 1")
    return made


def _question(line: Mapping[str, Any], where: str, areas: Mapping[str, object], categories: frozenset[str]) -> Question:
    _only(line, _QUESTION, where)
    if line["area"] not in areas:
        raise WrongQuestionnaire(f"{where}: there is no area {line['area']}")
    answers = tuple(_answer(one, f"{where}, answer {n}", categories) for n, one in enumerate(line["answer"], 1))
    if len(answers) < 2 or len({one.code for one in answers}) != len(answers):  # no question has one answer only
        raise WrongQuestionnaire(f"{where}: two answers at least, each with a code of its own")
    return Question(line["id"], line["area"], _words(line["text"], where), answers, line.get("safety", False))


def _answer(line: Mapping[str, Any], where: str, categories: frozenset[str]) -> Choice:
    _only(line, _ANSWER, where)
    unknown = set(line.get("categories", ())) - categories
    if unknown:
        raise WrongQuestionnaire(f"{where}: there is no category {min(unknown)}")
    return Choice(line["code"], _words(line["label"], where), line.get("need", False), tuple(line.get("categories", ())))


def _words(text: Any, where: str) -> Mapping[str, str]:
    if not isinstance(text, Mapping) or not text.get("en") or not set(text) <= set(LANGUAGES):
        raise WrongQuestionnaire(f"{where}: words in en at least, and in {', '.join(LANGUAGES)} at most")
    return dict(text)


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = table.keys() - known
    if unknown:
        raise WrongQuestionnaire(f"{where}: unknown {', '.join(sorted(unknown))}")
