"""What every answer of the chat carries: nothing is stored, nothing is fetched from elsewhere, nobody may frame it; and it comes compressed.

Style and script are not cached either: a cached file bears this address and would outlive the page; together they weigh a few kilobytes.
"""

import gzip
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from flask import Request, Response

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding, Accept-Language, Cookie",
}
_WORTH_IT = 400


def dress(response: Response, accepts: str) -> Response:
    """Add the headers; compress where the browser takes it (`accepts`: its Accept-Encoding).

    Compression beside a secret is safe here: no other site can make this page answer with words of its choice, since the cookie is
    SameSite=Strict and posts from elsewhere are not taken.
    """
    response.headers.update(HEADERS)
    body = response.get_data()
    if "gzip" in accepts.lower() and len(body) >= _WORTH_IT and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def from_elsewhere(request: Request) -> bool:
    """Whether another site made the browser send this. An old browser that says nothing is believed: the Strict cookie stays with us anyway.

    `Origin: null` is what browsers send with our own forms under `no-referrer`.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.host
