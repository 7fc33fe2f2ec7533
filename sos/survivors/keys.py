"""Her own key, opened for one unit of work. Never stored open, never cached across transactions, never shown."""

from sos.encryption import CannotOpen, new_key, open_sealed, seal
from sos.keys.keystore import Epoch, Keystore, NoSuchKey


class KeyGone(Exception):
    """This person's key was destroyed; nothing of hers opens any more."""


class PersonKey:
    """Seals and opens her values, each bound to its table, column and row."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "PersonKey()"

    @property
    def raw(self) -> bytes:
        """The key itself, for the outbox, which seals rows of several keys."""
        return self._key

    def seal(self, plain: bytes, *, table: str, column: str, row: str) -> bytes:
        return seal(self._key, plain, table=table, column=column, row=row)

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> bytes:
        """Raises sos.encryption.CannotOpen."""
        return open_sealed(self._key, sealed, table=table, column=column, row=row)


def fresh(epoch: Epoch, *, table: str, row: str) -> tuple[PersonKey, bytes]:
    """A new key and its wrapping under the epoch."""
    key = new_key()
    return PersonKey(key), seal(epoch.wrap, key, table=table, column="wrapped_key", row=row)


def unwrap(keystore: Keystore, *, epoch: str, wrapped: bytes | None, table: str, row: str) -> PersonKey:
    """Open a wrapped key. Raises KeyGone when it, or its epoch, was destroyed or noted as erased."""
    if wrapped is None or row in keystore.erased():
        raise KeyGone
    try:
        return PersonKey(open_sealed(keystore.epoch(epoch).wrap, wrapped, table=table, column="wrapped_key", row=row))
    except (NoSuchKey, CannotOpen):
        raise KeyGone from None


def rewrap(key: PersonKey, epoch: Epoch, *, table: str, row: str) -> bytes:
    """The same key, wrapped by another epoch."""
    return seal(epoch.wrap, key.raw, table=table, column="wrapped_key", row=row)
