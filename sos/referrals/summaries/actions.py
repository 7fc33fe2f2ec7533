"""Draft a summary, read it to her, keep her yes. What she did not approve word for word does not leave; a new draft has no approval."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.referrals.errors import NotApproved
from sos.referrals.summaries.models import SummaryRow
from sos.survivors.actions import Survivors

_SUMMARIES = table_of(SummaryRow)
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of one person as it stands."""

    id: str
    text: str = field(repr=False)
    drafted_by: str
    drafted_at: datetime
    approved_at: datetime | None


class Summaries:
    """The writes and reads of summaries."""

    def __init__(self, survivors: Survivors, audit: Audit) -> None:
        self._survivors = survivors
        self._audit = audit

    def draft(self, unit: Unit, survivor_id: str, text: str, *, by: str) -> Summary:
        """Keep this draft instead of any other; the same words again keep their approval. Raises NotApproved when empty, KeyGone."""
        said = text.strip()[:LONGEST]
        if not said:
            raise NotApproved("an empty summary says nothing")
        now = self.of(unit, survivor_id)
        if now is not None and now.text == said:
            return now
        row = new_id()
        body = self._survivors.key_of(unit, survivor_id).seal(said.encode(), table="summaries", column="body", row=row)
        unit.conn.execute(delete(_SUMMARIES).where(_SUMMARIES.c.survivor_id == survivor_id))
        values = {"id": row, "survivor_id": survivor_id, "body": body, "drafted_by": by, "drafted_at": unit.now}
        unit.conn.execute(insert(_SUMMARIES), values)
        self._audit.record(unit, "summary.drafted", subject=survivor_id, actor=by)
        return Summary(row, said, by, unit.now, None)

    def approve(self, unit: Unit, survivor_id: str, summary_id: str, *, by: str) -> None:
        """She heard exactly this draft and said yes. `by`: who read it to her. Raises NotApproved when another has taken its place."""
        same = update(_SUMMARIES).where(_SUMMARIES.c.survivor_id == survivor_id, _SUMMARIES.c.id == summary_id)
        if unit.conn.execute(same.values(approved_at=unit.now, approved_to=by)).rowcount != 1:
            raise NotApproved("it was changed after it was read to her")
        self._audit.record(unit, "summary.approved", subject=survivor_id, actor=by)

    def of(self, unit: Unit, survivor_id: str) -> Summary | None:
        """Hers as it stands. Raises KeyGone."""
        row = unit.conn.execute(select(_SUMMARIES).where(_SUMMARIES.c.survivor_id == survivor_id)).one_or_none()
        if row is None:
            return None
        text = self._survivors.key_of(unit, survivor_id).open(row.body, table="summaries", column="body", row=row.id).decode()
        return Summary(row.id, text, row.drafted_by, row.drafted_at, row.approved_at)

    def check(self, unit: Unit, survivor_id: str, text: str) -> None:
        """Raises NotApproved unless she approved exactly these words."""
        found = self.of(unit, survivor_id)
        if found is None or found.approved_at is None or found.text != text:
            raise NotApproved("she has not approved these words")

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """Hers goes with her."""
        unit.conn.execute(delete(_SUMMARIES).where(_SUMMARIES.c.survivor_id == survivor_id))
