"""The whole answer to a wish: matches or next best, what is missing, and always the numbers.

To survivors, guests and everyone without a grant, confidential services are ONE fixed line plus a person (DOMAIN 25). This module never sees
a hidden service: the line depends on the asked category alone, so its bytes are the same whatever lies in the vault.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from sos.directory.categories import Category
from sos.directory.jurisdictions import Jurisdictions, Number
from sos.directory.matching.filters import Moment
from sos.directory.matching.index import Snapshot
from sos.directory.matching.ranking import match
from sos.directory.matching.wish import Found, Match, Reason, Wish

A_PERSON = "a-person"
"""the fixed id of the one line: no service has it"""
PURPOSES = {
    "child": ("danger", "child", "missing_child", "violence", "ambulance"),
    "trafficking": ("danger", "trafficking", "violence", "ambulance"),
    "health": ("ambulance", "danger", "violence"),
    "perpetrator_programme": ("danger", "ambulance"),
}
"""which numbers go with which category, in order; others get `DEFAULT`. He gets none that would show that she exists."""
DEFAULT = ("danger", "violence", "ambulance")


class Audience(StrEnum):
    """Who asks. Everyone but an operator gets the fixed line."""

    SURVIVOR = "survivor"
    GUEST = "guest"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Matched:
    """What is said. `missing` is empty where something matched. `hotlines` is never empty while one file can be read."""

    matches: tuple[Match, ...]
    next_best: tuple[Match, ...]
    missing: tuple[str, ...]
    hotlines: tuple[Number, ...]


def answer(snapshot: Snapshot, wish: Wish, moment: Moment, jurisdictions: Jurisdictions, *, without_authorities: bool = False) -> Matched:
    """For survivors and guests. In a category of confidential services the fixed line comes first, whatever else there is."""
    found = public_matches(snapshot, wish, moment)
    if wish.category.confidential:
        found = replace(found, matches=(fixed_line(wish.category), *found.matches)[: max(1, wish.limit)])
    return Matched(
        found.matches, found.next_best, found.missing, numbers_for(wish, moment, jurisdictions, without_authorities=without_authorities)
    )


def public_matches(snapshot: Snapshot, wish: Wish, moment: Moment) -> Found:
    """Public services alone."""
    return match(snapshot, wish, moment)


def fixed_line(category: Category) -> Match:
    """The one line: the same bytes for every place, wish, time and state of the vault."""
    code = f"{category.slug}.a_person"
    return Match(A_PERSON, category.label, category.slug, None, None, (Reason(code),))


def numbers_for(wish: Wish, moment: Moment, jurisdictions: Jurisdictions, *, without_authorities: bool) -> tuple[Number, ...]:
    """The numbers of her place's jurisdiction; of both where that is not known."""
    purposes = PURPOSES.get(wish.category.slug, DEFAULT)
    return jurisdictions.numbers(wish.country, at=moment.now, without_authorities=without_authorities, purposes=purposes)
