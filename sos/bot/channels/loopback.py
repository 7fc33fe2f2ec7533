"""Messages that this line sends to itself through a real gateway: proof that it carries both ways. Never a survivor's message, never an alert.

A text is `chk <seconds, hex> <HMAC, hex>`: only whoever holds the keystore can write one, and it proves nothing later than its own time, so
that a copy sent again is worth nothing. What comes from our own number without proof is our own echo: it is answered by nobody, or the line
would talk to itself for ever.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sos import logs
from sos.db.database import Unit
from sos.deadlines import heartbeats
from sos.encryption import index
from sos.keys.keystore import Keystore
from sos.watch.chain import GATEWAY

_FORM: Final = re.compile(r"chk ([0-9a-f]{1,10}) ([0-9a-f]{20})", re.IGNORECASE)


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
class Loopback:
    """`numbers`: gateway -> our own number behind it (E.164), for those that are set up to write to themselves."""

    keystore: Keystore
    numbers: Mapping[str, str] = field(repr=False)

    def text(self, provider: str, at: datetime) -> str:
        """What to send to our own number now. `at`: aware."""
        seconds = f"{int(at.timestamp()):x}"
        return f"chk {seconds} {self._proof(provider, seconds)}"

    def read(self, provider: str, sender: str, text: str) -> Echo | None:
        """Our own message, come back; None: somebody's. Asks no database."""
        found = _FORM.fullmatch(text.strip())
        if found:
            seconds = found[1].lower()
            if hmac.compare_digest(self._proof(provider, seconds), found[2].lower()):
                return Echo(provider, datetime.fromtimestamp(int(seconds, 16), UTC))
        return Echo(provider, None) if self.numbers.get(provider) == sender else None

    def _proof(self, provider: str, seconds: str) -> str:
        return index(self.keystore.once_key, f"loopback\x1f{provider}\x1f{seconds}".encode())[:10].hex()
