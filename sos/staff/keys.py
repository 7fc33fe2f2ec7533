"""Keys of the staff's own data: numbers, chats, hand-over notes. Derived from the place key, so that they live outside the database, as it does."""

from sos.encryption import index
from sos.keys.keystore import Keystore


def staff_key(keystore: Keystore) -> bytes:
    """Seals what is the staff's own."""
    return index(keystore.place_key, b"staff")


def staff_index(keystore: Keystore, purpose: str, value: str) -> bytes:
    """HMAC (32 bytes) by which a value of the staff's is found again, apart for each purpose."""
    return index(index(keystore.place_key, b"staff.index"), f"{purpose}\x1f{value}".encode())
