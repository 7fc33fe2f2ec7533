"""The life of an override. Pure."""

from enum import StrEnum

from sos.transitions import Table


class Override(StrEnum):
    """Where it stands. Only `approved` opens anything, and only for a time."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"


MOVES = Table(
    {
        Override.ASKED: {"approve": Override.APPROVED, "refuse": Override.REFUSED},
        Override.APPROVED: {"end": Override.ENDED},
        Override.REFUSED: {},
        Override.ENDED: {},
    }
)


class ToldHer(StrEnum):
    """How the task to tell her ends (DOMAIN 39, 44)."""

    TOLD = "told"
    UNSAFE_TO_TELL = "unsafe_to_tell"
