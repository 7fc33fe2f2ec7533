"""Who a browser is to us, for as long as it is open: a random token in a cookie; and the ids that make a form count once.

A mere look at the page makes no session and stores nothing. Tokens never stand in an address, a log line or a page's source.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Response

from sos.clock import Clock
from sos.encryption import index

FRESH = timedelta(hours=1)
"""How long a first form leads to one and the same session, so that a double tap on it does not make two people."""
WAITS = 300
"""Seconds for which a browser remembers that it waits for an answer."""
_TOKEN = re.compile(r"([A-Za-z0-9_-]{43})(?:\.([A-Za-z-]{2,8}))?\Z")
_WAITING = re.compile(r"([0-9a-f]{64})\.([0-9]{1,10})\Z")
_RANDOM, _TIME, _SIGN = 18, 4, 14


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that has written. `token`: 32 random bytes; `language`: what its page is shown in."""

    token: str = field(repr=False)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The message whose answer the browser waits for, and since when."""

    reference: str
    since: datetime


class Cookies:
    """Reads and writes the two cookies. `secure`: the page is reached over https; plain http is for this machine only."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self.session, self.waiting = f"{prefix}id", f"{prefix}at"

    def read(self, cookies: Mapping[str, str]) -> Session | None:
        """The session of this browser; None for none or a damaged one."""
        found = _TOKEN.match(cookies.get(self.session, ""))
        return Session(found.group(1), found.group(2) or "") if found else None

    def read_waiting(self, cookies: Mapping[str, str]) -> Waiting | None:
        """What this browser waits for; None for nothing or a damaged one."""
        found = _WAITING.match(cookies.get(self.waiting, ""))
        return Waiting(found.group(1), datetime.fromtimestamp(int(found.group(2)), UTC)) if found else None

    def keep(self, response: Response, session: Session) -> None:
        """No max-age: it ends with the browser."""
        self._set(response, self.session, f"{session.token}.{session.language}" if session.language else session.token, None)

    def keep_waiting(self, response: Response, waiting: Waiting) -> None:
        self._set(response, self.waiting, f"{waiting.reference}.{int(waiting.since.timestamp())}", WAITS)

    def drop_waiting(self, response: Response) -> None:
        self._set(response, self.waiting, "", 0)

    def drop(self, response: Response) -> None:
        for name in (self.session, self.waiting):
            self._set(response, name, "", 0)

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(name, value, max_age=max_age, path="/", secure=self._secure, httponly=True, samesite="Strict")


class Forms:
    """Ids of forms: random, ours by signature. `key`: the keystore's session key, asked for when it is needed."""

    def __init__(self, key: Callable[[], bytes], clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def new(self) -> str:
        """An id for one rendered form."""
        bare = secrets.token_bytes(_RANDOM) + int(self._clock.now().timestamp()).to_bytes(_TIME, "big")
        return _text(bare + self._sign(bare))

    def session(self, form: str) -> str:
        """The token that a browser without one gets: the same for the same fresh form of ours, random for any other."""
        if not self._is_fresh(form):
            return _text(secrets.token_bytes(32))
        return _text(index(self._key(), b"web session\x1f" + form.encode()))

    def reference(self, session: str, form: str, content: str) -> str:
        """The once-only key of this message: the same words from the same form count once; corrected words count anew."""
        return index(self._key(), "\x1f".join(("web message", session, form, content)).encode("utf-8", "replace")).hex()

    def _is_fresh(self, form: str) -> bool:
        try:
            raw = base64.urlsafe_b64decode(form.encode("ascii"))
        except ValueError:
            return False
        bare, sign = raw[:-_SIGN], raw[-_SIGN:]
        if len(bare) != _RANDOM + _TIME or not hmac.compare_digest(sign, self._sign(bare)):
            return False
        age = self._clock.now().timestamp() - int.from_bytes(bare[_RANDOM:], "big")
        return -60 <= age <= FRESH.total_seconds()

    def _sign(self, bare: bytes) -> bytes:
        return index(self._key(), b"web form\x1f" + bare)[:_SIGN]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
