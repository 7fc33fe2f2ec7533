"""How much one person can carry. Pure. A soft line: it asks before an ordinary task is added, and never holds back an SOS."""

from typing import Final

ENOUGH: Final = 6
"""Open cases of one person (alerts and tasks together) from which another ordinary one is asked about first."""


def is_enough(alerts: int, tasks: int) -> bool:
    """Whether this person has as much as one can carry."""
    return alerts + tasks >= ENOUGH
