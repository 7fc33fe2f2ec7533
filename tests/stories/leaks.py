"""Looks for a secret in bytes under every disguise it could wear: plain, UTF-16, base64 at any alignment, hex, percent-encoded, JSON-escaped."""

import base64
import contextlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote


def disguises(secret: str) -> set[bytes]:
    """Byte strings of which one stands wherever `secret` was written in a known encoding."""
    plain = secret.encode()
    found = {plain, secret.encode("utf-16-le"), secret.encode("utf-16-be"), plain.hex().encode(), plain.hex().upper().encode()}
    found |= {quote(secret, safe="").encode(), json.dumps(secret)[1:-1].encode(), "".join(f"%{byte:02X}" for byte in plain).encode()}
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        inner = coded[4 if shift else 0 : -4 if len(plain) + shift > 6 else None].rstrip(b"=")
        if len(inner) >= 8:
            found |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return {one for one in found if len(one) >= 6}


def leaks(secrets: Iterable[str], files: Iterable[Path]) -> list[tuple[str, str]]:
    """(file, secret) wherever one is found."""
    owner = {one: secret for secret in secrets for one in disguises(secret)}
    pattern = re.compile(b"|".join(re.escape(one) for one in sorted(owner, key=len, reverse=True)))
    found = []
    for file in files:
        with contextlib.suppress(FileNotFoundError):  # a server's own file that it has just put away
            found += [(file.name, owner[hit]) for hit in set(pattern.findall(file.read_bytes()))]
    return found
