"""Whether a mechanism could receive somebody now: is every role filled, reachable, proved lately, and does a night have a voice? Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sos.referrals.pathways.files import NEEDED, Pathway, Role, Seat

PROVED: Final = timedelta(days=90)
"""A contact that nobody has called for longer counts as unproved."""


class Lack(StrEnum):
    """What is wrong with a seat."""

    EMPTY = "empty"  #: nobody fills it
    CLOSED_NOW = "closed_now"
    NO_NIGHT = "no_night"  #: closed now, and nobody to call outside hours
    UNPROVED = "unproved"
    NO_GATEKEEPER = "no_gatekeeper"  #: nobody through whom a shelter may be entered now
    NO_COORDINATOR = "no_coordinator"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `role` None where it is about the whole mechanism."""

    role: Role | None
    lack: Lack


def check(pathway: Pathway, now: datetime) -> tuple[Finding, ...]:
    """Everything that is wrong at `now` (on the wall clock there), roles in their order. Nothing found: it works."""
    found: list[Finding] = []
    steps = tuple(step.to for step in pathway.steps)
    for role in dict.fromkeys((*NEEDED, *steps, *(seat.role for seat in pathway.seats))):
        seat = pathway.seat(role)
        if seat is None:
            if role in NEEDED or role in steps:
                found.append(Finding(role, Lack.EMPTY))
            continue
        found.extend(Finding(role, lack) for lack in _of(seat, now))
    keepers = [seat for seat in pathway.seats if seat.office and seat.gatekeeper]
    if not any(seat.open_at(now) or seat.night for seat in keepers):
        found.append(Finding(None, Lack.NO_GATEKEEPER))
    if not pathway.coordinator:
        found.append(Finding(None, Lack.NO_COORDINATOR))
    return tuple(found)


def _of(seat: Seat, now: datetime) -> list[Lack]:
    lacks = []
    if not seat.open_at(now):
        lacks.append(Lack.CLOSED_NOW if seat.night else Lack.NO_NIGHT)
    if seat.verified_on is None or now.date() - seat.verified_on > PROVED:
        lacks.append(Lack.UNPROVED)
    return lacks


def receivers(pathway: Pathway, category: str, now: datetime) -> tuple[Seat, ...]:
    """Who receives this category, those first who can be reached now."""
    seats = [seat for seat in pathway.seats if seat.office and category in seat.receives]
    return tuple(sorted(seats, key=lambda seat: (not seat.open_at(now), not seat.night)))
