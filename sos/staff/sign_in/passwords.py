"""Passwords: argon2id with the library's parameters (RFC 9106, low memory: 64 MiB, three passes). Never runs inside a transaction.

Two at a time in one process: a rain of tries must not take the machine away from people who write.
"""

import secrets
import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from sos.staff.sign_in.errors import WeakPassword

SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher()
_TURN = threading.BoundedSemaphore(2)
_KNOWN = ("password", "qwerty", "123456", "letmein", "fjalekalim", "fjalëkalim", "lozinka", "sifra", "šifra", "parola", "hotline")
"""Words that every guesser tries first; a password may contain one, but not be little more."""


def hashed(password: str) -> str:
    """The argon2id hash with its parameters."""
    with _TURN:
        return _HASHER.hash(password)


def right(kept: str, password: str) -> bool:
    """Whether the password is the one; takes as long when it is not."""
    with _TURN:
        try:
            return _HASHER.verify(kept, password[:LONGEST])
        except (Argon2Error, InvalidHashError):
            return False


@lru_cache(maxsize=1)
def nobodys() -> str:
    """A hash that no password has: an unknown name is tried against it, so that it takes as long as a known one."""
    return hashed(secrets.token_urlsafe(32))


def stands_still(kept: str) -> bool:
    """Whether a hash has today's parameters."""
    return not _HASHER.check_needs_rehash(kept)


def check(password: str, *names: str) -> None:
    """Raises WeakPassword. `names`: alias and login name, which must not be in it."""
    low = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"Take at least {SHORTEST} characters. Four or five words that have nothing to do with each other are good.")
    if len(set(low)) < 6:
        raise WeakPassword("Take more different characters.")
    if any(len(name) > 2 and name.casefold() in low for name in names):
        raise WeakPassword("Leave your own name out of it.")
    if any(word in low and len(low) - len(word) < 6 for word in _KNOWN):
        raise WeakPassword("That is among the first that somebody would try.")
