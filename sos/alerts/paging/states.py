"""The life of one page: one alert, one person, one way."""

from enum import StrEnum

from sos.transitions import Table


class Page(StrEnum):
    """What has become of it."""

    QUEUED = "queued"  #: on its way, or waiting in the console
    SENT = "sent"  #: the gateway has it
    DELIVERED = "delivered"  #: the phone has it, or a visible tab shows it
    FAILED = "failed"  #: this way did not work; the others are not touched by that
    CLAIMED = "claimed"  #: its code took the alert
    STOPPED = "stopped"  #: the alert was taken or ended
    EXPIRED = "expired"  #: replaced by a page with a longer code, after guesses


MOVES = Table(
    {
        Page.QUEUED: {
            "send": Page.SENT,
            "deliver": Page.DELIVERED,
            "fail": Page.FAILED,
            "claim": Page.CLAIMED,
            "stop": Page.STOPPED,
            "expire": Page.EXPIRED,
        },
        Page.SENT: {"deliver": Page.DELIVERED, "fail": Page.FAILED, "claim": Page.CLAIMED, "stop": Page.STOPPED, "expire": Page.EXPIRED},
        Page.DELIVERED: {"claim": Page.CLAIMED, "stop": Page.STOPPED, "expire": Page.EXPIRED},
        Page.FAILED: {"claim": Page.CLAIMED, "stop": Page.STOPPED, "expire": Page.EXPIRED},
        Page.CLAIMED: {},
        Page.STOPPED: {},
        Page.EXPIRED: {},
    }
)
LIVE = frozenset({Page.QUEUED, Page.SENT, Page.DELIVERED, Page.FAILED})
"""Its code still takes the alert; a page called failed may have arrived all the same."""
UNDER_WAY = frozenset({Page.QUEUED, Page.SENT})


class By(StrEnum):
    """By which kind of way somebody is paged."""

    CONSOLE = "console"
    TELEGRAM = "telegram"
    SMS = "sms"
