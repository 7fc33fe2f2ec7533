"""What the answers come to: points, the band they reach, and why. Pure. More answers never reach a lower band.

The result is for the trained operator who asked; it is never shown to the survivor, and nothing is closed or lowered by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sos.alerts.risk.errors import NoSuchAnswer
from sos.alerts.risk.questionnaire import Band, Questionnaire


@dataclass(frozen=True, slots=True)
class Result:
    """`reasons`: in the order of the questions; `skipped`: ids of questions without an answer."""

    points: int
    band: Band
    reasons: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def raises(self) -> bool:
        """Whether the alert gets one more reason of urgency."""
        return self.band.raises


def score(questionnaire: Questionnaire, answers: Mapping[str, str]) -> Result:
    """The result of these answers: question id -> answer code; what is missing was skipped. Raises NoSuchAnswer."""
    known = {question.id: {answer.code: answer for answer in question.answers} for question in questionnaire.questions}
    if any(code not in known.get(question, {}) for question, code in answers.items()):
        raise NoSuchAnswer
    given = [known[question.id][answers[question.id]] for question in questionnaire.questions if question.id in answers]
    points = sum(answer.points for answer in given)
    return Result(
        points=points,
        band=next(band for band in reversed(questionnaire.bands) if band.start <= points),
        reasons=tuple(answer.reason for answer in given if answer.reason),
        skipped=tuple(question.id for question in questionnaire.questions if question.id not in answers),
    )
