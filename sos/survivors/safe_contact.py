"""Whether she may be written to now. Pure; asked by delivery at the moment of sending (DOMAIN 9)."""

from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What to do with a message that is ready to leave."""

    SEND = "send"
    HOLD = "hold"  #: outside her window: a person decides, and the console says that she has not been told
    EXPIRE = "expire"  #: too old to be true


def ask(*, now: datetime, window_until: datetime, expires_at: datetime) -> Verdict:
    """Only the reply window that her own message opened lets a text through, on that channel alone; a stale one expires."""
    if now > expires_at:
        return Verdict.EXPIRE
    return Verdict.SEND if now <= window_until else Verdict.HOLD
