"""Read exercises: one with its lines for the member who does it, and the record of who has practised what and when."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from sos.db.base import table_of
from sos.encryption import CannotOpen, open_sealed
from sos.practice.errors import NotYourRun
from sos.practice.models import PracticeLineRow, PracticeRunRow
from sos.practice.script import Place, unpacked
from sos.practice.states import Difficulty, Run, Who

_LINES, _RUNS = table_of(PracticeLineRow), table_of(PracticeRunRow)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an exercise."""

    id: str
    who: Who
    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Practised:
    """One line of the record. `place`: where the script stands or ended."""

    id: str
    member_id: str
    scenario: str
    version: str
    language: str
    difficulty: Difficulty
    began_at: datetime
    ended_at: datetime | None
    outcome: Run
    place: Place


def run(conn: Connection, run_id: str, *, member_id: str) -> Practised:
    """An exercise of this member. Raises NotYourRun."""
    row = conn.execute(select(_RUNS).where(_RUNS.c.id == run_id, _RUNS.c.member_id == member_id)).one_or_none()
    if row is None:
        raise NotYourRun
    return _practised(row)


def lines(conn: Connection, run_id: str, *, key: bytes) -> list[Line]:
    """What was written, oldest first; [] once the 30 days are over. A line that does not open is left out."""
    found = []
    for row in conn.execute(select(_LINES).where(_LINES.c.run_id == run_id).order_by(_LINES.c.seq)).all():
        try:
            text = open_sealed(key, row.body, table="practice_lines", column="body", row=row.id).decode()
        except CannotOpen:
            continue
        found.append(Line(row.id, Who(row.who), text, row.at))
    return found


def record(conn: Connection, *, member_id: str | None = None, limit: int = 500) -> list[Practised]:
    """Who has practised what, newest first; of one member where given."""
    wanted = select(_RUNS)
    if member_id is not None:
        wanted = wanted.where(_RUNS.c.member_id == member_id)
    return [_practised(row) for row in conn.execute(wanted.order_by(_RUNS.c.began_at.desc(), _RUNS.c.id).limit(limit)).all()]


def _practised(row: Row[Any]) -> Practised:
    return Practised(
        id=row.id,
        member_id=row.member_id,
        scenario=row.scenario,
        version=row.version,
        language=row.language,
        difficulty=Difficulty(row.difficulty),
        began_at=row.began_at,
        ended_at=row.ended_at,
        outcome=Run(row.outcome),
        place=unpacked(row.place),
    )
