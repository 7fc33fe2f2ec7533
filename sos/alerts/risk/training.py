"""Who is trained for which questionnaire, noted by a supervisor, for a time. Without it nobody sees questions or results."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from sos.alerts.risk.models import TrainedRow
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id

_TRAINED = table_of(TrainedRow)


@dataclass(frozen=True, slots=True)
class Training:
    """One training of one member. `until`: the last day on which it is good."""

    member_id: str
    questionnaire: str
    trained_on: date
    until: date
    noted_by: str


class WrongDays(Exception):
    """A training ends before it begins, or lies in the future."""


def note(unit: Unit, audit: Audit, *, member_id: str, questionnaire: str, trained_on: date, until: date, by: str) -> None:
    """Note that this member was trained. Raises WrongDays."""
    if until < trained_on or trained_on > unit.now.date():
        raise WrongDays
    values = {"member_id": member_id, "questionnaire": questionnaire, "trained_on": trained_on, "until": until}
    unit.conn.execute(insert(_TRAINED).values(id=new_id(), noted_by=by, noted_at=unit.now, **values))
    audit.record(unit, "risk.trained", subject=member_id, actor=by)


def end(unit: Unit, audit: Audit, *, member_id: str, questionnaire: str, by: str) -> None:
    """From today on this member counts as untrained."""
    mine = (_TRAINED.c.member_id == member_id, _TRAINED.c.questionnaire == questionnaire)
    unit.conn.execute(_TRAINED.delete().where(*mine))
    audit.record(unit, "risk.training_ended", subject=member_id, actor=by)


def is_trained(conn: Connection, member_id: str, questionnaire: str, today: date) -> bool:
    """Whether a training of this member is good today."""
    good = (_TRAINED.c.trained_on <= today, _TRAINED.c.until >= today)
    mine = select(_TRAINED.c.id).where(_TRAINED.c.member_id == member_id, _TRAINED.c.questionnaire == questionnaire, *good)
    return conn.execute(mine).first() is not None


def trained_for(conn: Connection, member_id: str, today: date) -> frozenset[str]:
    """The questionnaires that this member may use today."""
    good = (_TRAINED.c.member_id == member_id, _TRAINED.c.trained_on <= today, _TRAINED.c.until >= today)
    return frozenset(conn.execute(select(_TRAINED.c.questionnaire).where(*good)).scalars())


def everyone(conn: Connection) -> list[Training]:
    """All trainings, by member and day."""
    rows = conn.execute(select(_TRAINED).order_by(_TRAINED.c.member_id, _TRAINED.c.trained_on)).all()
    return [Training(row.member_id, row.questionnaire, row.trained_on, row.until, row.noted_by) for row in rows]
