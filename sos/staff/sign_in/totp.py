"""Codes of an authenticator app: the library's, with what it lacks - a code is taken once, no earlier one afterwards - and with our clock.

The secret is sealed by us like every other, so the library's own encryption (a slow derivation for each look) is not used.
"""

import io
import re
from typing import cast

import qrcode
import qrcode.image.svg
from flask_security.core import UserMixin
from flask_security.totp import Totp
from passlib.totp import TOTP, TotpMatch

from sos.clock import Clock

ISSUER = "Desk"
"""What the app on her phone shows beside her alias: nothing about a hotline."""
_DRIFT = 30
"""Seconds that her phone may be early or late: one step (RFC 6238, 5.2)."""
_CODE = re.compile(r"[0-9]{6}")


class Counted(UserMixin):
    """The step of the last code that was taken; the library asks and tells it here."""

    def __init__(self, counter: int | None) -> None:
        self.counter = counter


class Codes(Totp):
    """Makes secrets and checks codes."""

    def __init__(self, clock: Clock) -> None:
        self._totp = TOTP.using(issuer=ISSUER, now=lambda: clock.now().timestamp())

    def generate_totp_secret(self) -> str:
        """A new secret as JSON, to be sealed by the caller."""
        return str(self._totp.new().to_json(encrypt=False))

    def get_last_counter(self, user: UserMixin) -> int | None:
        return cast("Counted", user).counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        cast("Counted", user).counter = tmatch.counter

    def step(self, code: str, secret: str, last: int | None) -> int | None:
        """The step of this code where it is right and later than `last`; the caller stores it by compare-and-set. None otherwise."""
        counted = Counted(last)
        plain = re.sub(r"[\s-]", "", code)
        if not _CODE.fullmatch(plain) or not self.verify_totp(plain, secret, counted, window=_DRIFT):
            return None
        return counted.counter

    def drawing(self, secret: str, alias: str) -> str:
        """The set-up as a QR code: an SVG element for the page itself, on white, so that every camera reads it."""
        image = qrcode.make(self.get_totp_uri(alias, secret), image_factory=qrcode.image.svg.SvgPathFillImage, border=4)
        with io.BytesIO() as file:
            image.save(file)
            return file.getvalue().decode().partition("?>")[2].strip()
