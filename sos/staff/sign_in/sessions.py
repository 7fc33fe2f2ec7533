"""Sessions of the staff: rows on the server, found by the HMAC of a random cookie. Ended here, a session is over with the next request.

Never stores an address or a device's name: for shelter staff either would lead to the shelter.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Update, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.staff.members.models import MemberRoleRow, MemberRow
from sos.staff.members.states import Membership
from sos.staff.sign_in.models import StaffSessionRow
from sos.staff.sign_in.sealing import Sealing
from sos.staff.sign_in.states import Stage

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
UNFINISHED = timedelta(minutes=10)
"""For the second factor after the password."""
JOINING = timedelta(hours=1)
FRESH = timedelta(minutes=5)
_NOTED_EVERY = timedelta(seconds=30)
_KEPT = timedelta(days=30)
_LIMITS = {Stage.PASSWORD: UNFINISHED, Stage.JOINING: JOINING, Stage.FULL: LONGEST}


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is good now. `fresh`: a second factor was shown within five minutes."""

    id: str
    member_id: str
    alias: str
    roles: frozenset[str]
    stage: Stage
    invitation_id: str | None
    made_at: datetime
    seen_at: datetime
    fresh: bool


class Sessions:
    """The writes and the one lookup of sessions."""

    def __init__(self, sealing: Sealing, audit: Audit) -> None:
        self._sealing = sealing
        self._audit = audit

    def open(self, unit: Unit, member_id: str, stage: Stage, *, fresh: bool = False, invitation_id: str | None = None) -> str:
        """Begin a session; returns the cookie's value, which is kept nowhere."""
        unit.conn.execute(delete(StaffSessionRow).where(StaffSessionRow.made_at < unit.now - _KEPT))
        token, session_id = secrets.token_urlsafe(32), new_id()
        values = {
            "id": session_id,
            "member_id": member_id,
            "token": self._hashed(token),
            "stage": stage.value,
            "invitation_id": invitation_id,
            "made_at": unit.now,
            "seen_at": unit.now,
            "fresh_at": unit.now if fresh else None,
        }
        unit.conn.execute(insert(StaffSessionRow).values(values))
        if stage is Stage.FULL:
            unit.conn.execute(update(MemberRow).where(MemberRow.id == member_id).values(signed_in_at=unit.now))
            self._audit.record(unit, "session.opened", subject=session_id, actor=member_id)
        return token

    def find(self, conn: Connection, token: str, now: datetime) -> Session | None:
        """The session of this cookie, where it has not ended, idled, grown too old or outlived its membership."""
        row = conn.execute(
            select(StaffSessionRow.__table__, MemberRow.alias, MemberRow.state)
            .join(MemberRow, MemberRow.id == StaffSessionRow.member_id)
            .where(StaffSessionRow.token == self._hashed(token), StaffSessionRow.ended_at.is_(None))
        ).one_or_none()
        if row is None:
            return None
        stage = Stage(row.stage)
        here = row.state == Membership.ACTIVE.value or (stage is Stage.JOINING and row.state == Membership.INVITED.value)
        if not here or now - row.seen_at >= IDLE or now - row.made_at >= _LIMITS[stage]:
            return None
        roles = conn.execute(select(MemberRoleRow.role).where(MemberRoleRow.member_id == row.member_id)).scalars()
        return Session(
            id=row.id,
            member_id=row.member_id,
            alias=row.alias,
            roles=frozenset(roles),
            stage=stage,
            invitation_id=row.invitation_id,
            made_at=row.made_at,
            seen_at=row.seen_at,
            fresh=row.fresh_at is not None and now - row.fresh_at < FRESH,
        )

    def needs_note(self, session: Session, now: datetime) -> bool:
        """Whether a use now is worth a write: every half minute is exact enough to know whose browser is open."""
        return now - session.seen_at >= _NOTED_EVERY

    def note_use(self, unit: Unit, session_id: str) -> None:
        """Somebody used it: the half hour begins anew."""
        unit.conn.execute(_open(StaffSessionRow.id == session_id).values(seen_at=unit.now))

    def refresh(self, unit: Unit, session: Session) -> None:
        """A second factor was shown again."""
        unit.conn.execute(_open(StaffSessionRow.id == session.id).values(fresh_at=unit.now, seen_at=unit.now))
        self._audit.record(unit, "session.fresh", subject=session.id, actor=session.member_id)

    def complete(self, unit: Unit, session: Session) -> str:
        """Both factors are shown: a whole session under a new cookie, so that none made before can be used."""
        self.end(unit, session.id)
        return self.open(unit, session.member_id, Stage.FULL, fresh=True)

    def end(self, unit: Unit, session_id: str, *, member_id: str | None = None) -> None:
        """End one session; with `member_id` only if it is hers."""
        hers = (StaffSessionRow.member_id == member_id,) if member_id else ()
        unit.conn.execute(_open(StaffSessionRow.id == session_id, *hers).values(ended_at=unit.now, pending=None))

    def end_all(self, unit: Unit, member_id: str) -> None:
        """End every session of this member."""
        unit.conn.execute(_open(StaffSessionRow.member_id == member_id).values(ended_at=unit.now, pending=None))
        self._audit.record(unit, "session.all_ended", subject=member_id)

    def of(self, conn: Connection, member_id: str, now: datetime) -> list[Session]:
        """Her whole sessions that are good now, the latest first."""
        rows = conn.execute(
            select(StaffSessionRow.__table__)
            .where(StaffSessionRow.member_id == member_id, StaffSessionRow.ended_at.is_(None), StaffSessionRow.stage == Stage.FULL.value)
            .where(StaffSessionRow.seen_at > now - IDLE, StaffSessionRow.made_at > now - LONGEST)
            .order_by(StaffSessionRow.seen_at.desc())
        )
        return [Session(row.id, row.member_id, "", frozenset(), Stage.FULL, None, row.made_at, row.seen_at, fresh=False) for row in rows]

    def keep(self, unit: Unit, session_id: str, name: str, value: str | None) -> None:
        """Remember what a set-up or a challenge under way needs; None forgets it."""
        pending = {key: kept for key, kept in (self._pending(unit.conn, session_id) | {name: value}).items() if kept is not None}
        sealed = self._sealing.seal(json.dumps(pending), table="staff_sessions", column="pending", row=session_id) if pending else None
        unit.conn.execute(_open(StaffSessionRow.id == session_id).values(pending=sealed))

    def kept(self, conn: Connection, session_id: str, name: str) -> str | None:
        """What `keep` remembered under this name."""
        return self._pending(conn, session_id).get(name)

    def _pending(self, conn: Connection, session_id: str) -> dict[str, str | None]:
        sealed = conn.execute(select(StaffSessionRow.pending).where(StaffSessionRow.id == session_id)).scalar()
        return dict(json.loads(self._sealing.open(sealed, table="staff_sessions", column="pending", row=session_id))) if sealed else {}

    def _hashed(self, token: str) -> bytes:
        return self._sealing.hashed("session", token.encode("utf-8", "replace"))


def seen_since(conn: Connection, since: datetime) -> frozenset[str]:
    """Ids of members of whom a signed-in browser asked for something after this moment."""
    wanted = select(StaffSessionRow.member_id).where(StaffSessionRow.stage == Stage.FULL.value, StaffSessionRow.ended_at.is_(None))
    return frozenset(conn.execute(wanted.where(StaffSessionRow.seen_at > since).distinct()).scalars())


def _open(*conditions: ColumnElement[bool]) -> Update:
    return update(StaffSessionRow).where(StaffSessionRow.ended_at.is_(None), *conditions)
