"""One-time links for agencies without an account: a token in the address, a second secret told by voice, five tries, 72 hours, opened once.

Neither is stored. What is shown goes through `Reading` like any other read, so a link dies with the consent behind it in the same moment.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.encryption import index
from sos.referrals.access import Viewer
from sos.referrals.actions import Referrals
from sos.referrals.errors import NoSuchReferral
from sos.referrals.outside.models import OutsideLinkRow
from sos.referrals.reading import Reading, Shown
from sos.referrals.states import Decline, Referral

LASTS: Final = timedelta(hours=72)
TRIES: Final = 5
ANSWERS: Final = frozenset({"accept", "decline"})
_DIGITS: Final = 6
_LINKS = table_of(OutsideLinkRow)


@dataclass(frozen=True, slots=True)
class Link:
    """Both halves, shown once to whoever made it: the address travels in writing, the secret by voice."""

    token: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a right secret opens, once. `answer`: with it the same page may answer, once."""

    shown: Shown
    answer: str = field(repr=False)


class Links:
    """The writes about links."""

    def __init__(self, place_key: Callable[[], bytes], referrals: Referrals, reading: Reading, audit: Audit) -> None:
        self._place_key = place_key
        self._referrals = referrals
        self._reading = reading
        self._audit = audit

    def make(self, unit: Unit, referral_id: str, viewer: Viewer) -> Link:
        """A new link; any earlier one to this referral ends. Raises NoSuchReferral where there is none for whoever asks."""
        if self._reading.open(unit, referral_id, viewer) is None or viewer.agency is not None:
            raise NoSuchReferral("there is none")
        unit.conn.execute(update(_LINKS).where(_LINKS.c.referral_id == referral_id, _LINKS.c.ended_at.is_(None)).values(ended_at=unit.now))
        link = Link(secrets.token_urlsafe(32), "".join(secrets.choice("0123456789") for _ in range(_DIGITS)))
        row = new_id()
        values = {"id": row, "referral_id": referral_id, "token": self._told(b"token", link.token), "tries": 0, "made_by": viewer.member_id}
        values |= {"secret": self._told(row.encode(), link.secret), "made_at": unit.now, "until": unit.now + LASTS}
        unit.conn.execute(insert(_LINKS), values)
        self._audit.record(unit, "link.made", subject=row, actor=viewer.member_id)
        return link

    def waits(self, unit: Unit, token: str) -> bool:
        """Whether this address may still be opened; asked before the secret, tells nothing else."""
        row = self._row(unit, token, _LINKS.c.opened_at.is_(None))
        return row is not None and self._shown(unit, row, audited=False) is not None

    def open(self, unit: Unit, token: str, secret: str) -> Opened | None:
        """What it shows, once; None for anything that is wrong, over, withdrawn or tried too often. A wrong secret costs a try."""
        row = self._row(unit, token, _LINKS.c.opened_at.is_(None))
        if row is None:
            return None
        right = hmac.compare_digest(row.secret, self._told(row.id.encode(), "".join(secret.split())))
        if not right:
            tried = {"tries": row.tries + 1} | ({"ended_at": unit.now} if row.tries + 1 >= TRIES else {})
            unit.conn.execute(update(_LINKS).where(_LINKS.c.id == row.id).values(tried))
            self._audit.record(unit, "link.missed", subject=row.id)
            return None
        shown = self._shown(unit, row, audited=True)
        if shown is None:
            return None
        answer = secrets.token_urlsafe(32)
        opened = {"opened_at": unit.now, "token": self._told(b"answer", answer)}
        unit.conn.execute(update(_LINKS).where(_LINKS.c.id == row.id).values(opened))
        self._audit.record(unit, "link.opened", subject=row.id)
        return Opened(shown, answer)

    def answer(self, unit: Unit, answer: str, how: str, reason: Decline | None) -> Referral | None:
        """Yes or no from the opened page, once. None for anything that is over. Raises IllegalMove, AlreadyMoved, ValueError."""
        if how not in ANSWERS:
            raise ValueError("a link accepts or declines")
        row = self._row(unit, answer, _LINKS.c.opened_at.is_not(None), kind=b"answer")
        viewer = self._viewer(unit, row) if row is not None else None
        if row is None or viewer is None:
            return None
        unit.conn.execute(update(_LINKS).where(_LINKS.c.id == row.id).values(ended_at=unit.now))
        try:
            return self._referrals.act(unit, row.referral_id, viewer, how, reason=reason)
        except NoSuchReferral:
            return None

    def _row(self, unit: Unit, token: str, *conditions: ColumnElement[bool], kind: bytes = b"token") -> Row[Any] | None:
        standing = (_LINKS.c.until > unit.now, _LINKS.c.ended_at.is_(None), _LINKS.c.tries < TRIES)
        wanted = select(_LINKS).where(_LINKS.c.token == self._told(kind, token), *standing, *conditions)
        return unit.conn.execute(wanted.with_for_update()).one_or_none()

    def _viewer(self, unit: Unit, row: Row[Any]) -> Viewer | None:
        recipient = self._reading.recipient(unit, row.referral_id, Viewer(row.made_by))
        return Viewer(f"link{row.id}"[:32], recipient) if recipient else None

    def _shown(self, unit: Unit, row: Row[Any], *, audited: bool) -> Shown | None:
        viewer = self._viewer(unit, row)
        if viewer is None:
            return None
        return self._reading.open(unit, row.referral_id, viewer, audited=audited)

    def _told(self, kind: bytes, text: str) -> bytes:
        return index(self._place_key(), b"outside\x1f" + kind + b"\x1f" + text.encode())
