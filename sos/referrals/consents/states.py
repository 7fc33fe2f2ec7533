"""The life of a consent, and what one can be about. Pure."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sos.transitions import Table


class Consent(StrEnum):
    """Where a consent stands. Only `live`, before its end, opens anything."""

    LIVE = "live"
    SUSPENDED = "suspended"  #: withdrawn from her device without the check word: nothing is readable, holds stay
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


MOVES = Table(
    {
        Consent.LIVE: {"suspend": Consent.SUSPENDED, "withdraw": Consent.WITHDRAWN, "expire": Consent.EXPIRED},
        Consent.SUSPENDED: {"confirm_again": Consent.LIVE, "withdraw": Consent.WITHDRAWN, "expire": Consent.EXPIRED},
        Consent.WITHDRAWN: {},
        Consent.EXPIRED: {},
    }
)


class Field(StrEnum):
    """What may be shared, one by one. Nothing that is not in this list can leave with a referral."""

    ALIAS = "alias"
    LANGUAGE = "language"
    CONTACT_WAY = "contact_way"  #: how and when she may be reached
    AREA = "area"  #: a municipality, never a point
    NEEDS = "needs"
    CHILDREN = "children"
    STEP_FREE = "step_free"
    SAFETY = "safety"  #: what must be minded so that nobody learns of it
    SUMMARY = "summary"  #: the hand-over summary that she approved
    DOCUMENTS = "documents"


def ordered(fields: Collection[Field]) -> tuple[str, ...]:
    """Their names in the order of the list, however they were kept."""
    return tuple(one.value for one in Field if one in fields)


class Purpose(StrEnum):
    """What for."""

    ARRANGE = "arrange"  #: so that the recipient can say yes or no, and prepare
    IN_SERVICE = "in_service"  #: once she is there: her choice, up to the stay
    CROSS_BORDER = "cross_border"
    KIN_CHECK = "kin_check"
    COUNTED = "counted"  #: counted in statistics, never as a row


LONGEST: Final[Mapping[Purpose, timedelta]] = {
    Purpose.ARRANGE: timedelta(days=30),
    Purpose.IN_SERVICE: timedelta(days=365),
    Purpose.CROSS_BORDER: timedelta(days=30),
    Purpose.KIN_CHECK: timedelta(days=3),
    Purpose.COUNTED: timedelta(days=365),
}
"""DOMAIN 39: 30 days for sharing; in service her choice up to the stay, renewed face to face."""
