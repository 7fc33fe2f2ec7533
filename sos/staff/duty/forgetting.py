"""Drops what is old of duty: two years after it ended, since an inquiry may ask who was there when she wrote."""

from datetime import timedelta

from sqlalchemy import delete, or_, update

from sos.db.database import Unit
from sos.staff.duty.models import ChangeRow, FeedRow, ShiftRow, TurnRow

KEPT = timedelta(days=730)
_NOTES = timedelta(days=30)


def forget_old(unit: Unit) -> None:
    """Drop shifts, removed turns and changes after two years, hand-over notes after a month, closed calendar addresses at once."""
    before = unit.now - KEPT
    unit.conn.execute(delete(ShiftRow).where(ShiftRow.ended_at < before))
    unit.conn.execute(delete(TurnRow).where(TurnRow.removed_at < before))
    unit.conn.execute(delete(ChangeRow).where(or_(ChangeRow.removed_at < before, ChangeRow.ends_at < before)))
    unit.conn.execute(delete(FeedRow).where(FeedRow.revoked_at.is_not(None)))
    old_notes = update(ShiftRow).where(ShiftRow.ended_at < unit.now - _NOTES, ShiftRow.note.is_not(None))
    unit.conn.execute(old_notes.values(note=None))
