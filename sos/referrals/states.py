"""The life of a referral, why one is declined, and how long each state may last. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sos.transitions import Table


class Referral(StrEnum):
    """Where a referral stands."""

    SENT = "sent"
    SEEN = "seen"
    OVERDUE = "overdue"  #: nobody answered in time: both sides are told
    ACCEPTED = "accepted"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  #: she withdrew her consent, or it ended


_WAITING = {"accept": Referral.ACCEPTED, "decline": Referral.DECLINED, "withdraw": Referral.WITHDRAWN}
MOVES = Table(
    {
        Referral.SENT: {"see": Referral.SEEN, "fall_due": Referral.OVERDUE} | _WAITING,
        Referral.SEEN: {"fall_due": Referral.OVERDUE} | _WAITING,
        Referral.OVERDUE: {"see": Referral.SEEN} | _WAITING,
        Referral.ACCEPTED: {
            "begin": Referral.IN_SERVICE,
            "decline": Referral.DECLINED,
            "fall_due": Referral.OVERDUE,
            "withdraw": Referral.WITHDRAWN,
        },
        Referral.IN_SERVICE: {"complete": Referral.COMPLETED, "withdraw": Referral.WITHDRAWN},
        Referral.COMPLETED: {},
        Referral.DECLINED: {},
        Referral.WITHDRAWN: {},
    }
)
WAITS: Final[Mapping[Referral, timedelta]] = {
    Referral.SENT: timedelta(hours=4),
    Referral.SEEN: timedelta(hours=24),
    Referral.ACCEPTED: timedelta(hours=72),
}
"""How long a state may last before both sides are told that it is overdue."""


class Decline(StrEnum):
    """Why an agency says no. Coded, so that reasons can be counted and no word about her is written down."""

    FULL = "full"
    NOT_FOR_HER = "not_for_her"  #: whom the service accepts does not include her
    OUT_OF_AREA = "out_of_area"
    NO_LANGUAGE = "no_language"
    STAFF_SHORT = "staff_short"
    CANNOT_BE_SAFE = "cannot_be_safe"
    CONFLICT = "conflict"
    SHE_CHOSE_OTHERWISE = "she_chose_otherwise"
    NOT_REACHED = "not_reached"
    GROUP_REFUSED = "group_refused"  #: her group, whatever name it bears: a supervisor looks at it
    OTHER = "other"


class Programme(StrEnum):
    """Records of the two never meet (DOMAIN 42)."""

    PROTECTION = "protection"
    HOUSEHOLD = "household"
