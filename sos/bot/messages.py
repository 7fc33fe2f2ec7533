"""What travels between channels and conversation: plain values. Never shown by repr, so that no word reaches a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sos.survivors.address import Address as Address
from sos.survivors.address import Channel as Channel


class Kind(StrEnum):
    """What she sent."""

    TEXT = "text"
    BUTTON = "button"  #: a tap; `text` is the option's value
    LOCATION = "location"
    LIVE_LOCATION = "live_location"
    LIVE_LOCATION_ENDED = "live_location_ended"
    ATTACHMENT = "attachment"  #: photo, voice, file: only that it came, until evidence is asked for
    BLOCKED = "blocked"  #: she blocked or deleted the bot
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of hers, read."""

    id: str
    address: Address
    provider: str
    received_at: datetime
    text: str = field(repr=False, default="")
    kind: Kind = Kind.TEXT
    sent_at: datetime | None = None
    latitude: float | None = field(repr=False, default=None)
    longitude: float | None = field(repr=False, default=None)
    provider_ref: str | None = field(repr=False, default=None)  #: e.g. the Telegram message id, for deletion


@dataclass(frozen=True, slots=True)
class Option:
    """An answer she may choose: its number or button value, and the text key of its label."""

    value: str
    key: str
    params: Mapping[str, object] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply by text key. Rendered for her channel and language by `sos.texts`; never carries ready words."""

    key: str
    params: Mapping[str, object] = field(repr=False, default_factory=dict)
    options: tuple[Option, ...] = ()
    urgent: bool = False  #: goes in the SOS lane
    ask_location: bool = False  #: Telegram offers its location button; the web page offers the device's place
