"""Three digits by which the staff of one shelter answer a question or an ask: of chance, and unique among what is open for them."""

import random

from sqlalchemy import Connection, select

from sos.db.base import table_of
from sos.shelters.asks.models import AskRow
from sos.shelters.asks.states import Ask
from sos.shelters.confirming.models import QuestionRow
from sos.shelters.confirming.states import Question

_ASKS, _QUESTIONS = table_of(AskRow), table_of(QuestionRow)
_NEVER = {"112", "192", "193", "194"}
"""Emergency numbers: nobody should have to wonder."""


def free_code(conn: Connection, shelter: bytes, chance: random.Random) -> str:
    """A code that nothing open of this shelter (its HMAC) has."""
    asks = select(_ASKS.c.code).where(_ASKS.c.shelter == shelter, _ASKS.c.state.in_([Ask.WAITING.value, Ask.OPEN.value]))
    questions = select(_QUESTIONS.c.code).where(_QUESTIONS.c.shelter == shelter, _QUESTIONS.c.state == Question.OPEN.value)
    taken = set(conn.execute(asks).scalars()) | set(conn.execute(questions).scalars())
    return chance.choice(sorted({f"{n:03d}" for n in range(100, 1000)} - taken - _NEVER))
