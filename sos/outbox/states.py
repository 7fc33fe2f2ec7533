"""The life of a message on its way out."""

from enum import StrEnum

from sos.transitions import Table


class Outbox(StrEnum):
    """What has become of it."""

    WAITING = "waiting"  #: to be sent, now or again
    SENT = "sent"  #: the gateway has it; body and address are gone
    DELIVERED = "delivered"  #: the carrier says that the phone has it
    FAILED = "failed"  #: no further attempt can help
    HELD = "held"  #: safe contact forbids it now; a person decides
    EXPIRED = "expired"  #: too old to be true; a person was told


MOVES = Table(
    {
        Outbox.WAITING: {"send": Outbox.SENT, "fail": Outbox.FAILED, "hold": Outbox.HELD, "expire": Outbox.EXPIRED},
        Outbox.SENT: {"deliver": Outbox.DELIVERED, "fail": Outbox.FAILED},
        Outbox.HELD: {"resume": Outbox.WAITING, "expire": Outbox.EXPIRED},
        Outbox.DELIVERED: {},
        Outbox.FAILED: {},
        Outbox.EXPIRED: {},
    }
)


class Lane(StrEnum):
    """What goes first: SOS, then replies, then pages and service messages."""

    SOS = "sos"
    REPLY = "reply"
    PAGE = "page"
    SERVICE = "service"


class Purpose(StrEnum):
    """Why it is written: what safe contact asks about at the moment of sending (DOMAIN 9)."""

    REPLY = "reply"  #: an answer to what she just wrote
    STATE = "state"  #: what became of her alert: leaves in her reply window only
    UNSOLICITED = "unsolicited"  #: nobody asked: neutral, in her hours, on her channel


class KeyKind(StrEnum):
    """Whose key seals the row."""

    PERSON = "person"
    TRANSIT = "transit"
    STAFF = "staff"  #: to a member of the staff: asks nobody's safe contact, never expires
