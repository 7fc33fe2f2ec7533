"""Original bytes as parts of equal size, so many that their number tells a size class and not the size. Pure; loses no bit.

Up to 16 KiB: one part, padded by the seal itself to one of its sizes. Above: parts of 64 KiB when sealed, their number rounded up to at most
a quarter more (four classes an octave), the rest filled with zeros.
"""

from collections.abc import Iterable
from typing import Final

SMALL: Final = 16384 - 4
PART: Final = 65536 - 4
"""Bytes of one part; with the seal's own four they fill 64 KiB."""
_EXACT: Final = 4


def split(body: bytes) -> list[bytes]:
    """The parts; at least one, also of nothing."""
    if len(body) <= SMALL:
        return [body]
    count = size_class(-(-len(body) // PART))
    whole = body.ljust(count * PART, b"\0")
    return [whole[start : start + PART] for start in range(0, len(whole), PART)]


def join(parts: Iterable[bytes], size: int) -> bytes:
    """The original of `size` bytes again."""
    return b"".join(parts)[:size]


def size_class(count: int) -> int:
    """`count` parts rounded up to the next class."""
    if count <= _EXACT:
        return count
    step = 1 << (count.bit_length() - 3)
    return -(-count // step) * step
