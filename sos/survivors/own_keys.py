"""A key of its own for something of hers that she may erase alone: sealed by her key, then wrapped by the epoch. Never stored open.

Her own key lives on when only her plan or one photo goes, and so would every old copy of it; a key that the epoch wraps, too, ends with the epoch.
So what she erases alone keeps the promise of an ERASE: undecryptable in every backup within seven days, with every key still held.
"""

from sos.encryption import CannotOpen, new_key, open_sealed, seal
from sos.keys.keystore import Epoch, Keystore, NoSuchKey
from sos.survivors.keys import KeyGone, PersonKey

_COLUMN = "wrapped_key"


def fresh_within(epoch: Epoch, hers: PersonKey, *, table: str, row: str) -> tuple[PersonKey, bytes]:
    """A new key, and how it is stored."""
    key = new_key()
    return PersonKey(key), seal(epoch.wrap, hers.seal(key, table=table, column=_COLUMN, row=row), table=table, column=_COLUMN, row=row)


def unwrap_within(keystore: Keystore, hers: PersonKey, *, epoch: str, wrapped: bytes | None, table: str, row: str) -> PersonKey:
    """Open it. Raises KeyGone when it, its epoch or her own key was destroyed or noted as erased."""
    if wrapped is None or row in keystore.erased():
        raise KeyGone
    try:
        inner = open_sealed(keystore.epoch(epoch).wrap, wrapped, table=table, column=_COLUMN, row=row)
        return PersonKey(hers.open(inner, table=table, column=_COLUMN, row=row))
    except (NoSuchKey, CannotOpen):
        raise KeyGone from None


def rewrap_within(keystore: Keystore, current: Epoch, *, epoch: str, wrapped: bytes, table: str, row: str) -> bytes:
    """The same key, wrapped by another epoch; her own key is not needed. Raises KeyGone."""
    if row in keystore.erased():
        raise KeyGone
    try:
        inner = open_sealed(keystore.epoch(epoch).wrap, wrapped, table=table, column=_COLUMN, row=row)
    except (NoSuchKey, CannotOpen):
        raise KeyGone from None
    return seal(current.wrap, inner, table=table, column=_COLUMN, row=row)
