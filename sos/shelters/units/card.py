"""What a unit is like, sealed under the place key: kinds and ages of boys tell too much of a hidden house to stand in the clear. Pure but for the key."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sos.encryption import index, open_sealed, seal
from sos.shelters.units.states import UnitKind

TABLE = "units"


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One unit as its shelter knows it. `label`: what the staff call it, "F2". Ages in years, inclusive; days are nights allowed."""

    label: str = field(repr=False)
    kind: UnitKind
    beds: int = 1
    step_free: bool = False
    boys_until_age: int | None = None
    pets: bool = False
    stay_limit_days: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None

    def open_at(self, day: date) -> bool:
        """Whether this unit is in use on that day, both ends included."""
        return (self.opens_on is None or self.opens_on <= day) and (self.closes_on is None or day <= self.closes_on)

    def suits(self, *, boy_age: int | None = None, step_free: bool = False, pets: bool = False, beds: int = 1) -> bool:
        """Whether it suits what is needed; what is not known of the unit counts against it only where she needs it."""
        boys = boy_age is None or self.boys_until_age is None or boy_age <= self.boys_until_age
        return boys and (self.step_free or not step_free) and (self.pets or not pets) and self.beds >= beds


def sealed_card(key: bytes, row: str, card: UnitCard) -> bytes:
    """The card for its column."""
    plain = asdict(card) | {"opens_on": _spelt(card.opens_on), "closes_on": _spelt(card.closes_on)}
    return seal(key, json.dumps(plain, ensure_ascii=False).encode(), table=TABLE, column="card", row=row)


def open_card(key: bytes, row: str, sealed: bytes) -> UnitCard:
    """The card of this row. Raises CannotOpen."""
    plain: dict[str, Any] = json.loads(open_sealed(key, sealed, table=TABLE, column="card", row=row))
    days = {name: date.fromisoformat(plain[name]) if plain[name] else None for name in ("opens_on", "closes_on")}
    return UnitCard(**{**plain, **days, "kind": UnitKind(plain["kind"])})


def shelter_index(key: bytes, service_id: str) -> bytes:
    """By which the rows of one shelter are found, without telling which: HMAC under the place key."""
    return index(key, f"shelter\x1f{service_id}".encode())


def _spelt(day: date | None) -> str | None:
    return day.isoformat() if day else None
