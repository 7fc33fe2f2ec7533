"""What answers tell: needs by area, the categories that could help, and what nobody offers. Pure. No number is made of her life."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sos.assessments.questionnaires import Questionnaire


@dataclass(frozen=True, slots=True)
class AreaNeed:
    """One area in which something is missing."""

    area: str
    questions: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """`asked`: questions that were answered; `gaps`: categories of a need that no service offers to her; None until asked."""

    needs: tuple[AreaNeed, ...] = field(repr=False)
    categories: tuple[str, ...]
    asked: int
    skipped: int
    gaps: tuple[str, ...] | None = None


def result(questionnaire: Questionnaire, answers: Mapping[str, str]) -> Result:
    """The result of these answers (question id -> answer code). What was skipped tells nothing."""
    needs: dict[str, tuple[list[str], list[str]]] = {}
    asked = 0
    for question in questionnaire.questions:
        choice = question.answer(answers.get(question.id, ""))
        if choice is None:
            continue
        asked += 1
        if choice.need or choice.categories:
            questions, categories = needs.setdefault(question.area, ([], []))
            questions.append(question.id)
            categories.extend(slug for slug in choice.categories if slug not in categories)
    found = tuple(AreaNeed(area, tuple(needs[area][0]), tuple(needs[area][1])) for area in questionnaire.areas if area in needs)
    together = tuple(dict.fromkeys(slug for need in found for slug in need.categories))
    return Result(found, together, asked, len(questionnaire.questions) - asked)


def with_gaps(told: Result, offered: Callable[[str], bool]) -> Result:
    """The same, with the categories for which `offered` knows no suitable service."""
    gaps = tuple(slug for slug in told.categories if not offered(slug))
    return Result(told.needs, told.categories, told.asked, told.skipped, gaps)
