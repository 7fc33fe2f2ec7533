"""The place in a message of hers: typed or shared, coarse, never kept as words (DOMAIN 6, 27)."""

from dataclasses import dataclass

from sos.bot.flows.desk import Turn
from sos.geo.places import Place


@dataclass(frozen=True, slots=True)
class Sought:
    """One place, or several to choose from, or none."""

    place: Place | None = None
    candidates: tuple[Place, ...] = ()


def spelt(point: tuple[float, float]) -> str:
    """A point as an alert keeps it: latitude, longitude, to the metre."""
    return f"{point[0]:.6f},{point[1]:.6f}"


def heard(turn: Turn) -> Sought:
    """What place this message tells. A shared point counts as its municipality."""
    if turn.point is not None:
        return Sought(turn.desk.municipality_at(*turn.point))
    if turn.located is None:
        return Sought()
    return Sought(turn.located.place, () if turn.located.place else turn.located.candidates)
