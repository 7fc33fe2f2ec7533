"""What a piece of evidence is, and its life. Pure."""

from enum import StrEnum
from typing import Final

from sos.transitions import Table

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of one original. Larger ones are refused with one clear sentence; nothing of them is kept."""


class Evidence(StrEnum):
    """What has become of it."""

    WANTED = "wanted"  #: she asked to keep a file that must be fetched from her channel first
    KEPT = "kept"  #: sealed, in the chain
    ERASED = "erased"  #: she erased it alone: key and bytes are gone, its number and link stay


MOVES = Table(
    {
        Evidence.WANTED: {"keep": Evidence.KEPT},
        Evidence.KEPT: {"erase": Evidence.ERASED},
        Evidence.ERASED: {},
    }
)


class Medium(StrEnum):
    """What she keeps."""

    WORDS = "words"
    PHOTO = "photo"
    FILE = "file"
