"""How urgent an alert is and why. Pure. Whatever comes in may raise the urgency, nothing lowers it, and the reasons stay in their order.

It orders the queue and tells the operator what to look at first. It never decides whether somebody is paged: every SOS is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Urgency(StrEnum):
    """How soon a person must look. The queue is ordered by it, then by waiting time."""

    EMERGENCY = "emergency"  #: a life may be at risk now
    URGENT = "urgent"  #: she asked for help in danger
    ORDINARY = "ordinary"  #: a contact that a person opened: a call without danger, a visit


ORDER: Final[Mapping[Urgency, int]] = {Urgency.EMERGENCY: 0, Urgency.URGENT: 1, Urgency.ORDINARY: 2}
_BY_RANK: Final = {rank: urgency for urgency, rank in ORDER.items()}

CALLED_FOR: Final[Mapping[str, Urgency]] = {
    "suicide": Urgency.EMERGENCY,
    "overdose": Urgency.EMERGENCY,
    "choking": Urgency.EMERGENCY,
    "weapon": Urgency.EMERGENCY,
    "death_threat": Urgency.EMERGENCY,
    "fire": Urgency.EMERGENCY,
    "locked_in": Urgency.EMERGENCY,
    "at_the_door": Urgency.EMERGENCY,
    "house_rings": Urgency.EMERGENCY,
    "children_in_danger": Urgency.EMERGENCY,
    "injury": Urgency.EMERGENCY,
    "sexual_violence": Urgency.EMERGENCY,
    "child_speaking": Urgency.EMERGENCY,
    "followed": Urgency.EMERGENCY,
    "perpetrator_threat": Urgency.EMERGENCY,
    "violence": Urgency.URGENT,
    "past_violence": Urgency.URGENT,
    "threat": Urgency.URGENT,
    "fear": Urgency.URGENT,
    "control": Urgency.URGENT,
    "pregnant": Urgency.URGENT,
    "under_18": Urgency.URGENT,
    "trafficking": Urgency.URGENT,
    "seeks_her": Urgency.URGENT,
    "sos_word": Urgency.URGENT,
    "unreadable": Urgency.URGENT,
    "call_192_yes": Urgency.EMERGENCY,
    "duress": Urgency.EMERGENCY,
    "repeated": Urgency.EMERGENCY,
    "silence": Urgency.EMERGENCY,
    "check_in_missed": Urgency.URGENT,
    "contact": Urgency.ORDINARY,
    "police_barred": Urgency.ORDINARY,
    "wants_to_stop": Urgency.ORDINARY,
    "figurative": Urgency.ORDINARY,
    "hypothetical": Urgency.ORDINARY,
}
"""What each signal, answer or silence calls for at the least. A code that is not here calls for one step more than there is."""
REPEATS: Final = 3
"""So many messages of danger are one reason more."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of the urgency. `reasons`: codes in the order in which they came, each once."""

    urgency: Urgency
    reasons: tuple[str, ...] = ()


def raised(known: Assessment, reason: str) -> Assessment:
    """What is known after `reason`: never less urgent than before."""
    wanted = ORDER[CALLED_FOR[reason]] if reason in CALLED_FOR else _one_step_more(known, reason)
    rank = min(ORDER[known.urgency], wanted)
    reasons = known.reasons if reason in known.reasons else (*known.reasons, reason)
    return Assessment(_BY_RANK[rank], reasons)


def _one_step_more(known: Assessment, reason: str) -> int:
    """A reason said a second time is no new one."""
    return ORDER[known.urgency] if reason in known.reasons else max(0, ORDER[known.urgency] - 1)


def first(reasons: Iterable[str]) -> Assessment:
    """The assessment of an alert that begins with these reasons."""
    known = Assessment(Urgency.ORDINARY)
    for reason in reasons:
        known = raised(known, reason)
    return known


def after_repeat(known: Assessment, reason: str, count: int) -> Assessment:
    """Another message of danger: its own reason counts, and being the third or later does."""
    known = raised(known, reason)
    return raised(known, "repeated") if count >= REPEATS else known
