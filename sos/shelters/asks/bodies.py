"""The sealed parts of rounds and asks. Pure but for the key they are given."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from sos.encryption import open_sealed, seal
from sos.shelters.asks.states import Need


@dataclass(frozen=True, slots=True)
class RoundBody:
    """Who is asked in which order: rings of service ids, the ring that is being asked, and its asks."""

    need: Need
    rings: tuple[tuple[str, ...], ...] = field(repr=False)
    ring: int = -1
    asks: tuple[str, ...] = ()
    answer: str | None = None
    """the ask that said yes"""
    past: tuple[str, ...] = ()
    """asks of earlier rings"""

    def sealed(self, key: bytes, row: str) -> bytes:
        plain: dict[str, Any] = {
            "need": self.need.as_plain(),
            "rings": self.rings,
            "ring": self.ring,
            "asks": self.asks,
            "answer": self.answer,
        }
        plain |= {"past": self.past}
        return seal(key, json.dumps(plain).encode(), table="ask_rounds", column="body", row=row)

    @classmethod
    def opened(cls, key: bytes, row: str, body: bytes) -> "RoundBody":
        plain: dict[str, Any] = json.loads(open_sealed(key, body, table="ask_rounds", column="body", row=row))
        rings = tuple(tuple(ring) for ring in plain["rings"])
        return cls(Need.from_plain(plain["need"]), rings, plain["ring"], tuple(plain["asks"]), plain["answer"], tuple(plain["past"]))

    @property
    def last(self) -> bool:
        return self.ring + 1 >= len(self.rings)


@dataclass(frozen=True, slots=True)
class AskBody:
    """What one ask knows: its shelter, the need, the round for which it asks, and the hold that a yes made."""

    service_id: str = field(repr=False)
    need: Need
    round_id: str
    hold_id: str | None = None
    subject: bool = False
    """yes, subject to the gatekeeper"""
    kin: str | None = None
    """after a yes and with her consent: "none" or "found"; never a name"""

    def sealed(self, key: bytes, row: str) -> bytes:
        plain: dict[str, Any] = {"service": self.service_id, "need": self.need.as_plain(), "round": self.round_id}
        plain |= {"hold": self.hold_id, "subject": self.subject, "kin": self.kin}
        return seal(key, json.dumps(plain).encode(), table="asks", column="body", row=row)

    @classmethod
    def opened(cls, key: bytes, row: str, body: bytes) -> "AskBody":
        plain: dict[str, Any] = json.loads(open_sealed(key, body, table="asks", column="body", row=row))
        return cls(plain["service"], Need.from_plain(plain["need"]), plain["round"], plain["hold"], plain["subject"], plain["kin"])

    def holding(self, hold_id: str | None, *, subject: bool) -> "AskBody":
        return replace(self, hold_id=hold_id, subject=subject)
