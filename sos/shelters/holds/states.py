"""The life of a hold. Pure."""

from enum import StrEnum
from typing import Final

from sos.transitions import Table


class Hold(StrEnum):
    """Where a hold stands."""

    HELD = "held"
    SUBJECT = "subject"  #: yes, subject to the gatekeeper, whose answer is awaited
    TAKEN_UP = "taken_up"  #: she has arrived
    RELEASED = "released"
    LAPSED = "lapsed"  #: its time ended
    DECLINED = "declined"  #: the shelter or the gatekeeper said no


MOVES = Table(
    {
        Hold.SUBJECT: {"agree": Hold.HELD, "release": Hold.RELEASED, "lapse": Hold.LAPSED, "decline": Hold.DECLINED},
        Hold.HELD: {"take_up": Hold.TAKEN_UP, "release": Hold.RELEASED, "lapse": Hold.LAPSED, "decline": Hold.DECLINED},
        Hold.TAKEN_UP: {},
        Hold.RELEASED: {},
        Hold.LAPSED: {},
        Hold.DECLINED: {},
    },
    starts=(Hold.HELD, Hold.SUBJECT),
)
OPEN: Final = (Hold.HELD, Hold.SUBJECT)
