"""Drops what of reach ends by itself: codes, counts of guesses, numbers that were never proved."""

from sos.db.database import Unit
from sos.staff.reach import codes, guessing, queries


def forget_old(unit: Unit) -> None:
    """Codes after a day, counts after their hour, unproved numbers with their code."""
    codes.forget_old(unit)
    guessing.forget_old(unit)
    queries.forget_unproved(unit, unit.now - codes.LASTS)
