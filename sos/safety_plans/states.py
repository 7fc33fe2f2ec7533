"""The life of a plan and of its items. Pure."""

from enum import StrEnum
from typing import Final

from sos.transitions import Table


class Plan(StrEnum):
    """Where a plan stands."""

    OPEN = "open"  #: its items are being worked on
    SIGNED_ONCE = "signed_once"
    SIGNED = "signed"  #: by two persons; in force until its review
    REVIEW = "review"  #: its review is due: it holds, and is worked through again
    ENDED = "ended"  #: replaced by a plan of a newer version


MOVES = Table(
    {
        Plan.OPEN: {"sign": Plan.SIGNED_ONCE, "end": Plan.ENDED},
        Plan.SIGNED_ONCE: {"sign_too": Plan.SIGNED, "reopen": Plan.OPEN, "end": Plan.ENDED},
        Plan.SIGNED: {"fall_due": Plan.REVIEW, "reopen": Plan.OPEN, "end": Plan.ENDED},
        Plan.REVIEW: {"sign": Plan.SIGNED_ONCE, "end": Plan.ENDED},
        Plan.ENDED: {},
    }
)


class Item(StrEnum):
    """Where one item stands."""

    TO_DO = "to_do"
    DONE = "done"
    NOT_HERE = "not_here"  #: this house has no such thing


ITEMS = Table(
    {
        Item.TO_DO: {"tick": Item.DONE, "set_aside": Item.NOT_HERE},
        Item.DONE: {"untick": Item.TO_DO},
        Item.NOT_HERE: {"untick": Item.TO_DO},
    },
    lasting=True,
)


class Evidence(StrEnum):
    """What an item asks for as proof."""

    NONE = "none"
    TEXT = "text"
    PHOTO = "photo"


class Section(StrEnum):
    """For whom an item is."""

    STAFF = "staff"
    RESIDENTS = "residents"


ESCALATION: Final = ("owner", "lead", "supervisor")
"""Who is told when an item is overdue: at once, after a day, after three."""
