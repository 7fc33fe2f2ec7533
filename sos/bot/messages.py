"""What travels between channels and conversation: plain values. Never shown by repr, so that no word reaches a log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sos.survivors.address import Address as Address  # noqa: PLC0414 - named here for every channel
from sos.survivors.address import Channel as Channel  # noqa: PLC0414


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
class Attached:
    """A file that lies with the channel's provider. `kind`: the channel's own word (photo, document, voice ...); `size`: bytes as announced."""

    reference: str = field(repr=False)
    kind: str
    name: str = field(repr=False, default="")
    media_type: str = ""
    size: int | None = None

    def size_fits(self, most: int) -> bool:
        """Whether it may be fetched, as far as its size is announced."""
        return self.size is None or self.size <= most


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
    tap: str | None = field(repr=False, default=None)  #: the id by which a tap must be answered, so that her button stops turning
    file: Attached | None = field(repr=False, default=None)  #: of an ATTACHMENT that can be fetched; nothing fetches it unless she wishes


@dataclass(frozen=True, slots=True)
class Say:
    """A text within a text, by key: rendered in her language like the text around it."""

    key: str
    params: Mapping[str, object] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """Several values in one placeholder. From the end, items beyond `least` may be left out where a text must stay within its SMS.

    `join`: the text key of what stands between the last two; without one a comma does.
    """

    items: tuple[object, ...] = field(repr=False)
    least: int = 99
    join: str = ""
    between: str = ", "


@dataclass(frozen=True, slots=True)
class Option:
    """An answer she may choose. `value`: a short word, unique in its question; on SMS answers are numbered as they stand, "end" is 0."""

    value: str
    key: str
    params: Mapping[str, object] = field(repr=False, default_factory=dict)
    language: str | None = None  #: a label in this language instead of hers: languages call themselves by their own names


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply by text key. Rendered for her channel and language by `sos.bot.rendering`; never carries ready words.

    Values of `params`: text of the directory (str), int, `Say`, `Listing`, a place of the gazetteer, a moment (read as HH:MM on the wall clock) or a day.
    """

    key: str
    params: Mapping[str, object] = field(repr=False, default_factory=dict)
    options: tuple[Option, ...] = ()
    urgent: bool = False  #: goes in the SOS lane
    ask_location: bool = False  #: Telegram offers its location button; the web page offers the device's place
    bare: bool = False  #: nothing is added to it on any channel: cover texts and "noted"
    closes: bool = False  #: on the web page nothing before it is shown any more
    secret: bool = False  #: shown once, never kept in the transcript
