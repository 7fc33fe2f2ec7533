"""Messages that this line sends to itself through a real gateway: proof that it carries both ways. Never a survivor's message, never an alert.

A text is `chk <seconds, hex> <HMAC, hex>`, or `syn ...` for the daily test SOS: only whoever holds the keystore can write one, and it proves nothing later than its own time, so
that a copy sent again is worth nothing. What comes from our own number without proof is our own echo: it is answered by nobody, or the line
would talk to itself for ever.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sos import logs
from sos.db.database import Unit
from sos.deadlines import heartbeats
from sos.encryption import index
from sos.keys.keystore import Keystore
from sos.watch.chain import GATEWAY

_FORM: Final = re.compile(r"(chk|syn) ([0-9a-f]{1,10}) ([0-9a-f]{20})", re.IGNORECASE)
_PAGE: Final = re.compile(r"TAKE \d{1,9}-\d{4,8}")
_FRESH: Final = timedelta(minutes=15)
SYNTHETIC: Final = "synthetic"
"""The provider of a daily test that begins in the inbox, where no gateway has a number of its own. No door answers to this name."""


class Word(StrEnum):
    """What a message to ourselves is for."""

    HEARTBEAT = "chk"
    SYNTHETIC = "syn"  #: the daily test SOS


@dataclass(frozen=True, slots=True)
class Echo:
    """A message of our own that came back. `proved_at`: when it was sent; None: nothing is proved."""

    provider: str
    proved_at: datetime | None

    def take(self, unit: Unit) -> None:
        """Note the sign of life."""
        if self.proved_at is None:
            logs.event("gateway.echo", gateway=self.provider)
            return
        heartbeats.beat_of(unit, GATEWAY + self.provider, self.proved_at)


@dataclass(frozen=True, slots=True)
class DailyTest:
    """The message of nobody: it is answered as an SOS of the daily test's sender."""

    sent_at: datetime


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page to the daily test's stand-in came back: what answers it, `TAKE 12-4815`."""

    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Loopback:
    """`numbers`: gateway -> our own number behind it (E.164), for those that are set up to write to themselves."""

    keystore: Keystore
    numbers: Mapping[str, str] = field(repr=False)

    def text(self, provider: str, at: datetime, word: Word = Word.HEARTBEAT) -> str:
        """What to send to our own number now. `at`: aware."""
        seconds = f"{int(at.timestamp()):x}"
        return f"{word.value} {seconds} {self._proof(word.value, provider, seconds)}"

    def read(self, provider: str, sender: str, text: str, *, now: datetime) -> Echo | DailyTest | OwnPage | None:
        """Our own message, come back; None: somebody's. Asks no database. `now`: when it came in, aware."""
        found = _FORM.fullmatch(text.strip())
        if found:
            word, seconds = found[1].lower(), found[2].lower()
            if hmac.compare_digest(self._proof(word, provider, seconds), found[3].lower()):
                return _proved(word, provider, datetime.fromtimestamp(int(seconds, 16), UTC), now)
        if self.numbers.get(provider) != sender:
            return None
        page = _PAGE.search(text)
        return OwnPage(page[0]) if page else Echo(provider, None)

    def _proof(self, word: str, provider: str, seconds: str) -> str:
        return index(self.keystore.once_key, f"loopback\x1f{word}\x1f{provider}\x1f{seconds}".encode())[:10].hex()


def _proved(word: str, provider: str, sent_at: datetime, now: datetime) -> Echo | DailyTest:
    if word == Word.HEARTBEAT.value:
        return Echo(provider, sent_at)
    return DailyTest(sent_at) if abs(now - sent_at) <= _FRESH else Echo(provider, None)
