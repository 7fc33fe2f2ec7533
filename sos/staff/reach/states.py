"""Kinds of ways to a member, and what became of an attempt."""

from enum import StrEnum


class By(StrEnum):
    """How she is reached. The console always reaches whoever has it open, and needs no row."""

    SMS = "sms"
    TELEGRAM = "telegram"


class Fate(StrEnum):
    """What became of a message to her."""

    SENT = "sent"  #: the gateway has it
    DELIVERED = "delivered"  #: the phone has it
    MISSED = "missed"  #: an attempt failed; it is tried again
    FAILED = "failed"  #: no further attempt can help
