"""How old a confirmed capacity is: fresh, then "call to confirm", then no longer offered by itself. Pure."""

from enum import StrEnum

STALE_AFTER = 4
"""capacity older than this many times its category's `fresh_hours` is not offered by itself"""


class Freshness(StrEnum):
    """The three ages of a capacity."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


def freshness(age_hours: float, fresh_hours: float) -> Freshness:
    """Age of a capacity in hours against its category's; a time in the future counts as fresh."""
    if age_hours <= fresh_hours:
        return Freshness.FRESH
    return Freshness.AGEING if age_hours <= STALE_AFTER * fresh_hours else Freshness.STALE
