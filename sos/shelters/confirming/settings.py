"""What a shelter chose for itself: half-life, quiet hours, gatekeeper. Sealed under the place key; hours are of the wall clock. Pure."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sos.encryption import open_sealed, seal
from sos.shelters.confirming.errors import BadSettings

TABLE: Final = "shelter_settings"
_LONGEST_LIFE: Final = 24 * 14
_LONGEST_WORDS: Final = 120


@dataclass(frozen=True, slots=True)
class Gatekeeper:
    """Who must agree before she comes in, with the contact that answers at night (DOMAIN 35)."""

    name: str = ""
    contact: str = field(default="", repr=False)
    night: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ShelterSettings:
    """`fresh_hours`: how long a confirmed count is fresh. From `quiet_from` to `quiet_to` o'clock nobody is asked; equal: no quiet hours."""

    fresh_hours: float = 12.0
    quiet_from: int = 22
    quiet_to: int = 7
    gatekeeper: Gatekeeper = Gatekeeper()

    def __post_init__(self) -> None:
        if not 1 <= self.fresh_hours <= _LONGEST_LIFE:
            raise BadSettings(f"a count is fresh for 1 to {_LONGEST_LIFE} hours")
        if not (0 <= self.quiet_from <= 23 and 0 <= self.quiet_to <= 23):
            raise BadSettings("an hour is between 0 and 23")
        if any(len(text) > _LONGEST_WORDS for text in (self.gatekeeper.name, self.gatekeeper.contact, self.gatekeeper.night)):
            raise BadSettings(f"at most {_LONGEST_WORDS} signs each for the gatekeeper")

    def loud(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at`, or the end of the quiet hours in which it lies (UTC offset of the answer: that of `at`)."""
        local = at.astimezone(zone)
        if not self._is_quiet(local.hour):
            return at
        end = local.replace(hour=self.quiet_to, minute=0, second=0, microsecond=0)
        if end <= local:
            end = (local + timedelta(days=1)).replace(hour=self.quiet_to, minute=0, second=0, microsecond=0)
        return end.astimezone(at.tzinfo)

    def _is_quiet(self, hour: int) -> bool:
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to


def sealed(key: bytes, row: str, service_id: str, settings: ShelterSettings) -> bytes:
    """The settings for their column, with the shelter that they belong to."""
    body = json.dumps({"service": service_id, **asdict(settings)}, ensure_ascii=False).encode()
    return seal(key, body, table=TABLE, column="body", row=row)


def opened(key: bytes, row: str, body: bytes) -> tuple[str, ShelterSettings]:
    """(service id, settings). Raises CannotOpen."""
    plain = json.loads(open_sealed(key, body, table=TABLE, column="body", row=row))
    return plain.pop("service"), ShelterSettings(**{**plain, "gatekeeper": Gatekeeper(**plain["gatekeeper"])})
