"""The life of a question to a shelter's staff. Pure."""

from enum import StrEnum
from typing import Final

from sos.transitions import Table


class Question(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    OVER = "over"  #: a later one was asked, or the page said it first


MOVES: Final = Table(
    {
        Question.OPEN: {"answer": Question.ANSWERED, "end": Question.OVER},
        Question.ANSWERED: {},
        Question.OVER: {},
    }
)
