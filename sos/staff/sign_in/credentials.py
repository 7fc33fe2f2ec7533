"""Login names and passwords: set by a link, tried at the door. An unknown name costs the same time and gets the same answer as a known one."""

import unicodedata
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.encryption import CannotOpen
from sos.staff.members.models import MemberRow
from sos.staff.members.states import Membership
from sos.staff.sign_in import passwords, waits
from sos.staff.sign_in.errors import LoginTaken, NotRecognised, WeakPassword
from sos.staff.sign_in.models import CredentialRow, RecoveryCodeRow, SecurityKeyRow
from sos.staff.sign_in.sealing import Sealing
from sos.staff.sign_in.sessions import Sessions
from sos.staff.sign_in.states import Stage

_TABLE = "credentials"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One try: against which hash, for whom. `member_id` is None for a name that nobody has."""

    who: bytes = field(repr=False)
    member_id: str | None
    kept: str = field(repr=False)


class Credentials:
    """The writes of login names and passwords."""

    def __init__(self, sealing: Sealing, sessions: Sessions, audit: Audit) -> None:
        self._sealing = sealing
        self._sessions = sessions
        self._audit = audit

    def begin(self, unit: Unit, login: str) -> Ticket:
        """Take a try under this name. Commit before the password is hashed, so that no try goes uncounted. Raises NotRecognised: too soon."""
        who = self._sealing.hashed("login", _plain(login))
        if not waits.may_try(unit, who):
            raise NotRecognised
        keys = select(SecurityKeyRow.member_id)
        row = unit.conn.execute(
            select(CredentialRow.member_id, CredentialRow.password)
            .join(MemberRow, MemberRow.id == CredentialRow.member_id)
            .where(CredentialRow.login_index == who, MemberRow.state == Membership.ACTIVE.value)
            .where(CredentialRow.totp.is_not(None) | CredentialRow.member_id.in_(keys))
        ).one_or_none()
        if row is None:
            return Ticket(who, None, passwords.nobodys())
        return Ticket(who, row.member_id, self._sealing.open(row.password, table=_TABLE, column="password", row=row.member_id))

    def finish(self, unit: Unit, ticket: Ticket, password: str | None) -> str:
        """The password was right: a session that waits for the second factor; returns its cookie. `password`: hash it anew where it is old."""
        if ticket.member_id is None:
            raise NotRecognised
        waits.clear(unit, ticket.who)
        if password is not None:
            hers = update(CredentialRow).where(CredentialRow.member_id == ticket.member_id)
            unit.conn.execute(hers.values(password=self._sealed(ticket.member_id, "password", password)))
        return self._sessions.open(unit, ticket.member_id, Stage.PASSWORD)

    def set(self, unit: Unit, member_id: str, *, login: str, kept: str) -> None:
        """Login name and hash of a new password; what was set up before goes. Raises LoginTaken, WeakPassword (for the name)."""
        name = login.strip()
        if not 3 <= len(name) <= 64:
            raise WeakPassword("Take a sign-in name of at least 3 letters; it need not be your own.")
        who = self._sealing.hashed("login", _plain(login))
        taken = unit.conn.execute(select(CredentialRow.member_id).where(CredentialRow.login_index == who)).scalar()
        if taken not in (None, member_id):
            raise LoginTaken
        self.forget(unit, member_id)
        values = {
            "member_id": member_id,
            "login_index": who,
            "login": self._sealed(member_id, "login", name),
            "password": self._sealed(member_id, "password", kept),
            "changed_at": unit.now,
        }
        unit.conn.execute(insert(CredentialRow).values(values))
        self._audit.record(unit, "credential.password_set", subject=member_id, actor=member_id)

    def forget(self, unit: Unit, member_id: str) -> None:
        """No way in is left for this member."""
        for table in (CredentialRow, SecurityKeyRow, RecoveryCodeRow):
            unit.conn.execute(delete(table).where(table.member_id == member_id))

    def login(self, conn: Connection, member_id: str) -> str:
        """The name by which she signs in, for her own page; empty where there is none or it does not open."""
        sealed = conn.execute(select(CredentialRow.login).where(CredentialRow.member_id == member_id)).scalar()
        try:
            return self._sealing.open(sealed, table=_TABLE, column="login", row=member_id) if sealed else ""
        except CannotOpen:
            return ""

    def _sealed(self, member_id: str, column: str, plain: str) -> bytes:
        return self._sealing.seal(plain, table=_TABLE, column=column, row=member_id)


def _plain(login: str) -> bytes:
    return unicodedata.normalize("NFKC", login.strip()).casefold().encode("utf-8", "replace")
