"""Whether she may be written to now. Pure; asked by delivery at the moment of sending (DOMAIN 9)."""

from datetime import datetime
from enum import StrEnum

from sos.outbox.states import Purpose
from sos.survivors.address import Channel
from sos.survivors.contact_rules.rules import Rules


class Verdict(StrEnum):
    """What to do with a message that is ready to leave."""

    SEND = "send"
    HOLD = "hold"  #: outside her window: a person decides, and the console says that she has not been told
    EXPIRE = "expire"  #: too old to be true


def ask(
    *,
    now: datetime,
    window_until: datetime,
    expires_at: datetime,
    purpose: Purpose = Purpose.REPLY,
    rules: Rules | None = None,
    channel: Channel | None = None,
) -> Verdict:
    """The reply window that her own message opened lets everything through, on that channel alone, whatever her hours; a stale text expires.

    Outside it nothing leaves, not even what became of her SOS; only a neutral text that nobody asked for, and only where her own rules allow
    it at this hour on this channel. `purpose`: why it is written; `rules`: None where she gave none, then nobody writes first.
    """
    if now > expires_at:
        return Verdict.EXPIRE
    if now <= window_until:
        return Verdict.SEND
    if purpose is Purpose.UNSOLICITED and rules is not None and channel is not None and rules.allow(now, channel):
        return Verdict.SEND
    return Verdict.HOLD
