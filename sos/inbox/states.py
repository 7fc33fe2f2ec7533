"""The life of an inbox row."""

from enum import StrEnum

from sos.transitions import Table


class Inbox(StrEnum):
    """What has become of a message that came in."""

    WAITING = "waiting"  #: accepted, not yet answered
    DONE = "done"  #: answered; the body is gone
    PARKED = "parked"  #: could not be read or handled; sealed, for a person


MOVES = Table(
    {
        Inbox.WAITING: {"answer": Inbox.DONE, "park": Inbox.PARKED},
        Inbox.PARKED: {"resume": Inbox.WAITING, "drop": Inbox.DONE},
        Inbox.DONE: {},
    }
)


class Source(StrEnum):
    """What kind of request brought the row."""

    MESSAGE = "message"
    STATUS = "status"
