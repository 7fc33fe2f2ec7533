"""Page codes: random for every page, stored only as a keyed hash. Senders can be forged, so a code is what proves a page was received."""

import secrets

from sos.encryption import index

SHORTEST = 4
LONGEST = 8
GUESSES = 5
"""After so many wrong codes the codes under way are void and everyone is paged with a longer one: 5 guesses at 20 pages of four digits
succeed in one of a hundred cases, at eight digits in one of a million."""


def digits(wrong_codes: int) -> int:
    """How long the codes of this alert are now."""
    return min(LONGEST, SHORTEST + wrong_codes // GUESSES)


def lengthens(wrong_codes: int) -> bool:
    """Whether this wrong code makes the next ones longer."""
    return wrong_codes % GUESSES == 0 and wrong_codes // GUESSES <= LONGEST - SHORTEST


def new_code(length: int) -> str:
    """A random code; may begin with zeros."""
    return f"{secrets.randbelow(10**length):0{length}d}"


def code_index(key: bytes, page_id: str, code: str) -> bytes:
    """What is stored of a code: 32 bytes, different for every page."""
    return index(key, f"page\x1f{page_id}\x1f{code}".encode())
