"""Where she writes from. An address, not an identity; never shown by repr, so that it reaches no log."""

from dataclasses import dataclass, field
from enum import StrEnum


class Channel(StrEnum):
    """How she reaches us."""

    SMS = "sms"
    TELEGRAM = "telegram"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Address:
    """Where she writes from. `value`: E.164, chat id or web session."""

    channel: Channel
    value: str = field(repr=False)

    def for_index(self) -> bytes:
        """The bytes under which this address is indexed."""
        return f"{self.channel.value}\x1f{self.value}".encode()
