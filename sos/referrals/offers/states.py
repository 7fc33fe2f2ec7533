"""Kinds of offers, who may ask for them, and the life of an application. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sos.transitions import Table


class OfferKind(StrEnum):
    """What is offered."""

    GRANT = "grant"
    TRAINING = "training"
    JOB = "job"
    MATERIAL_HELP = "material_help"
    MINOR_REPAIR = "minor_repair"


class Eligible(StrEnum):
    """Conditions that an offer may have. Nothing about group, origin or faith can be one."""

    HAS_CHILDREN = "has_children"
    LIVES_IN_AREA = "lives_in_area"
    HAS_LAND = "has_land"
    HAS_TRADE = "has_trade"
    OVER_18 = "over_18"
    WITHOUT_PAPERS = "without_papers"  #: open also to people without papers
    JOINT = "joint"  #: several apply together


class Application(StrEnum):
    """Where an application stands. What comes of it is an outcome, never an amount."""

    NOTED = "noted"
    APPLIED = "applied"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DONE = "done"


MOVES = Table(
    {
        Application.NOTED: {"apply": Application.APPLIED, "withdraw": Application.WITHDRAWN},
        Application.APPLIED: {"accept": Application.ACCEPTED, "refuse": Application.REFUSED, "withdraw": Application.WITHDRAWN},
        Application.ACCEPTED: {"finish": Application.DONE, "withdraw": Application.WITHDRAWN},
        Application.REFUSED: {},
        Application.WITHDRAWN: {},
        Application.DONE: {},
    }
)
HOLDS_A_PLACE = frozenset({Application.NOTED, Application.APPLIED, Application.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer as it stands. `area`: a municipality's id, or XK, RS. Days are inclusive, on the wall clock there."""

    id: str
    kind: OfferKind
    title: str
    organisation: str
    area: str
    opens_on: date
    closes_on: date
    places: int | None
    left: int | None
    conditions: frozenset[Eligible]
    source: str
    verified_on: date
    closed: bool = False

    def open_at(self, day: date) -> bool:
        """Whether it can be asked for on that day: its call is open and a place is left."""
        return not self.closed and self.opens_on <= day <= self.closes_on and (self.left is None or self.left > 0)

    def fits(self, *, area: str | None, not_met: frozenset[Eligible] = frozenset()) -> bool:
        """Whether she could ask for it. `not_met`: conditions of which she said that they do not hold; what is not known excludes nobody."""
        where = area is None or self.area in (area, area[:2].upper())
        return where and not self.conditions & not_met
