"""Seal and open bytes with AES-256-GCM, bound to the place where they stand. Never stores, caches or logs a key.

A sealed value is `version (1) | nonce (12) | ciphertext and tag`. The associated data names table, column and row, so that a value
moved to another row does not open (NIST SP 800-38D). Plaintexts are padded to one of six sizes, so that length tells little.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_SIZES = (64, 256, 1024, 4096, 16384)
"""Padded sizes in bytes; the sixth is the next multiple of 64 KiB."""
_LARGE = 65536


class CannotOpen(Exception):
    """The sealed value does not open: wrong key, wrong place, or damaged."""


def new_key() -> bytes:
    """A fresh random key of 32 bytes."""
    return secrets.token_bytes(KEY_BYTES)


def index(key: bytes, value: bytes) -> bytes:
    """HMAC-SHA256 (32 bytes) by which a value is found again without being readable."""
    return hmac.digest(key, value, hashlib.sha256)


def seal(key: bytes, plain: bytes, *, table: str, column: str, row: str) -> bytes:
    """Seal `plain` for exactly this table, column and row."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, _pad(plain), _place(table, column, row))


def open_sealed(key: bytes, sealed: bytes, *, table: str, column: str, row: str) -> bytes:
    """The plaintext of a value sealed for this place.

    Raises CannotOpen; its text carries no key, no content and no id.
    """
    if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE_BYTES + 16:
        raise CannotOpen(table)
    nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        padded = AESGCM(key).decrypt(nonce, ciphertext, _place(table, column, row))
    except InvalidTag:
        raise CannotOpen(table) from None
    return _unpad(padded)


def _place(table: str, column: str, row: str) -> bytes:
    return "\x1f".join((table, column, row)).encode()


def _pad(plain: bytes) -> bytes:
    needed = len(plain) + 4
    size = next((size for size in _SIZES if needed <= size), -(-needed // _LARGE) * _LARGE)
    return len(plain).to_bytes(4) + plain + bytes(size - needed)


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:4])
    return padded[4 : 4 + length]
