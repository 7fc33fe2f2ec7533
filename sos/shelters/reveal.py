"""The one door to the true place of a confidential service: a case, a reason, a fresh second factor, audited in the same transaction.

What is revealed is shown for 30 seconds and stored nowhere. It has no list, no search, no order and no distance.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.shelters.errors import NoSuchHiddenService, NotFresh
from sos.shelters.models import HiddenService
from sos.shelters.vault import open_place

SHOWN: Final = timedelta(seconds=30)


class Why(StrEnum):
    """Why a place is revealed; in the audit as a code."""

    HOUSE_RINGS = "house_rings"  #: the house itself called for help
    ARRIVAL = "arrival"  #: a person brings somebody there
    AMBULANCE = "ambulance"
    POLICE = "police"
    MOVE = "move"  #: somebody must leave there at once


@dataclass(frozen=True, slots=True)
class Revealed:
    """The true place. `until`: when it must be gone from the screen."""

    name: str = field(repr=False)
    places: tuple[str, ...] = field(repr=False)
    phones: tuple[str, ...] = field(repr=False)
    front_gate: str = field(repr=False)
    until: datetime


class Reveal:
    """`key`: the place key."""

    def __init__(self, key: bytes, audit: Audit) -> None:
        self._key = key
        self._audit = audit

    def place(self, unit: Unit, service_id: str, *, case: str, why: Why, by: str, fresh: bool) -> Revealed:
        """Open it for this case. `fresh`: a second factor was shown within five minutes. Raises NotFresh, NoSuchHiddenService, CannotOpen.

        Two audit rows: which case asked and why, and which place was opened.
        """
        if not fresh:
            raise NotFresh("a place is revealed only after a fresh second factor")
        held = unit.conn.execute(select(HiddenService.place).where(HiddenService.id == service_id)).scalar()
        if held is None:
            raise NoSuchHiddenService("no confidential service has this id")
        entry = open_place(self._key, service_id, held)
        self._audit.record(unit, f"place.revealed.{why.value}", subject=case, actor=by)
        self._audit.record(unit, "place.revealed", subject=service_id.replace("-", ""), actor=by)
        service = entry.service
        places = tuple(", ".join(part for part in (one.name, one.address, one.city) if part) for one in service.places)
        return Revealed(service.name, places, tuple(one.number for one in service.phones), entry.front_gate, unit.now + SHOWN)
