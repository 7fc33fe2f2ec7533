"""Set up second factors: by a one-time link before anything else, or later by somebody who has just shown one. Secrets are shown once."""

from sqlalchemy import delete, func, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import insert_once
from sos.db.types import new_id
from sos.staff.members.actions import Members
from sos.staff.sign_in import security_keys, waits
from sos.staff.sign_in.errors import NothingSetUp, NotRecognised
from sos.staff.sign_in.factors import Factors, plain_code
from sos.staff.sign_in.models import CredentialRow, RecoveryCodeRow, SecurityKeyRow
from sos.staff.sign_in.sealing import Sealing
from sos.staff.sign_in.security_keys import Site
from sos.staff.sign_in.sessions import Session, Sessions
from sos.staff.sign_in.states import Factor, Stage
from sos.staff.sign_in.totp import Codes

RECOVERY_CODES = 10
_SECRET, _ASKED = "app secret", "key to make"


class Enrolment:
    """The writes of second factors."""

    def __init__(self, sealing: Sealing, sessions: Sessions, factors: Factors, codes: Codes, members: Members, audit: Audit) -> None:
        self._sealing = sealing
        self._sessions = sessions
        self._factors = factors
        self._codes = codes
        self._members = members
        self._audit = audit

    def app_secret(self, unit: Unit, session: Session) -> str:
        """The secret that this session is setting up; made at the first look and the same at the next."""
        secret = self._sessions.kept(unit.conn, session.id, _SECRET)
        if secret is None:
            secret = self._codes.generate_totp_secret()
            self._sessions.keep(unit, session.id, _SECRET, secret)
        return secret

    def confirm_app(self, unit: Unit, session: Session, code: str) -> bool:
        """Take the app over once it has shown a right code; that code is used up. The app before it stops working."""
        secret = self._sessions.kept(unit.conn, session.id, _SECRET)
        if not waits.may_try(unit, self._sealing.hashed("set-up", session.member_id.encode())):
            return False
        step = self._codes.step(code, secret, None) if secret else None
        if secret is None or step is None:
            return False
        sealed = self._sealing.seal(secret, table="credentials", column="totp", row=session.member_id)
        hers = update(CredentialRow).where(CredentialRow.member_id == session.member_id)
        unit.conn.execute(hers.values(totp=sealed, totp_counter=step, changed_at=unit.now))
        self._done(unit, session, Factor.TOTP)
        return True

    def ask_for_new_key(self, unit: Unit, session: Session, site: Site) -> str:
        """Options for the browser; the challenge is good for one answer."""
        have = [kept.key for kept in self._factors.keys(unit.conn, session.member_id)]
        asked = security_keys.ask_to_make(site, member_id=session.member_id, alias=session.alias, have=have)
        self._sessions.keep(unit, session.id, _ASKED, asked.challenge)
        return asked.options

    def add_key(self, unit: Unit, session: Session, site: Site, answer: str, label: str) -> bool:
        """Keep the key that the browser has made. False for an answer that is not to our question."""
        challenge = self._sessions.kept(unit.conn, session.id, _ASKED)
        self._sessions.keep(unit, session.id, _ASKED, None)
        try:
            key = security_keys.made(site, challenge or "", answer, label)
        except NotRecognised:
            return False
        key_id = new_id()
        values = {
            "id": key_id,
            "member_id": session.member_id,
            "key_index": self._sealing.hashed("security key", key.credential_id),
            "key": self._sealing.seal(key.packed(), table="security_keys", column="key", row=key_id),
            "sign_count": key.sign_count,
            "made_at": unit.now,
        }
        if not insert_once(unit.conn, table_of(SecurityKeyRow), values, key="key_index"):
            return False
        self._done(unit, session, Factor.SECURITY_KEY)
        return True

    def remove_key(self, unit: Unit, session: Session, key_id: str) -> bool:
        """Forget one of her keys; False where it is her last way in."""
        hers = SecurityKeyRow.member_id == session.member_id
        app = unit.conn.execute(select(CredentialRow.totp).where(CredentialRow.member_id == session.member_id).with_for_update()).scalar()
        if app is None and unit.conn.execute(select(func.count()).select_from(SecurityKeyRow).where(hers)).scalar_one() < 2:
            return False
        if unit.conn.execute(delete(SecurityKeyRow).where(hers, SecurityKeyRow.id == key_id)).rowcount:
            self._audit.record(unit, "factor.removed", subject=key_id, actor=session.member_id)
        return True

    def new_recovery_codes(self, unit: Unit, session: Session) -> tuple[str, ...]:
        """Ten codes of 48 random bits in place of those before; only their HMACs are kept, so this is the only look."""
        codes = tuple(self._codes.generate_recovery_codes(RECOVERY_CODES))
        unit.conn.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.member_id == session.member_id))
        rows = [
            {
                "id": new_id(),
                "member_id": session.member_id,
                "code": self._sealing.hashed("recovery code", plain_code(session.member_id, code)),
            }
            for code in codes
        ]
        unit.conn.execute(insert(RecoveryCodeRow), rows)
        self._audit.record(unit, "factor.recovery_codes_made", subject=session.member_id, actor=session.member_id)
        return codes

    def finish(self, unit: Unit, session: Session) -> tuple[str, tuple[str, ...]]:
        """The end of a link: she is a member with a whole session. Returns its cookie and her recovery codes. Raises NothingSetUp, LinkIsOver."""
        if session.stage is not Stage.JOINING or session.invitation_id is None:
            raise NothingSetUp
        if not self._factors.ways(unit.conn, session.member_id) & {Factor.TOTP, Factor.SECURITY_KEY}:
            raise NothingSetUp
        self._members.use_link(unit, session.invitation_id)
        self._members.join(unit, session.member_id)
        codes = self.new_recovery_codes(unit, session)
        return self._sessions.complete(unit, session), codes

    def _done(self, unit: Unit, session: Session, factor: Factor) -> None:
        self._sessions.keep(unit, session.id, _SECRET, None)
        waits.clear(unit, self._sealing.hashed("set-up", session.member_id.encode()))
        self._audit.record(unit, f"factor.set_up.{factor.value}", subject=session.member_id, actor=session.member_id)
