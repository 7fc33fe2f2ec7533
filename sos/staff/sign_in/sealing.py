"""Keys for what identifies or opens: derived from the keystore's place key, one for sealing and one for finding. Never kept in the database."""

from sos.encryption import index, open_sealed, seal
from sos.keys.keystore import Keystore


class Sealing:
    """Seals and hashes for the tables of this package."""

    def __init__(self, keystore: Keystore) -> None:
        self._keystore = keystore

    def seal(self, plain: str, *, table: str, column: str, row: str) -> bytes:
        return seal(self._key(b"seal"), plain.encode(), table=table, column=column, row=row)

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> str:
        """Raises sos.encryption.CannotOpen."""
        return open_sealed(self._key(b"seal"), sealed, table=table, column=column, row=row).decode()

    def hashed(self, purpose: str, value: bytes) -> bytes:
        """HMAC-SHA256 under a key of this purpose: finds, never reads. Only for values nobody can guess, or to find a name."""
        return index(self._key(b"find " + purpose.encode()), value)

    def _key(self, purpose: bytes) -> bytes:
        return index(self._keystore.place_key, b"staff sign-in\x1f" + purpose)
