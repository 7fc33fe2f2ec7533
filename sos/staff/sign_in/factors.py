"""Second factors at the door: a code of the app once, a touch of a key, a recovery code once. Wrong tries make the next ones wait."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.staff.sign_in import security_keys, waits
from sos.staff.sign_in.errors import NotRecognised
from sos.staff.sign_in.models import CredentialRow, RecoveryCodeRow, SecurityKeyRow
from sos.staff.sign_in.sealing import Sealing
from sos.staff.sign_in.security_keys import SecurityKey, Site
from sos.staff.sign_in.sessions import Session, Sessions
from sos.staff.sign_in.states import Factor
from sos.staff.sign_in.totp import Codes

_ASKED = "key asked for"


@dataclass(frozen=True, slots=True)
class Kept:
    """One security key as its owner's page shows it."""

    id: str
    key: SecurityKey


class Factors:
    """Checks second factors."""

    def __init__(self, sealing: Sealing, sessions: Sessions, codes: Codes, audit: Audit) -> None:
        self._sealing = sealing
        self._sessions = sessions
        self._codes = codes
        self._audit = audit

    def ways(self, conn: Connection, member_id: str) -> frozenset[Factor]:
        """What this member can show."""
        found = set()
        if conn.execute(select(CredentialRow.totp).where(CredentialRow.member_id == member_id)).scalar():
            found.add(Factor.TOTP)
        if conn.execute(select(SecurityKeyRow.id).where(SecurityKeyRow.member_id == member_id).limit(1)).first():
            found.add(Factor.SECURITY_KEY)
        if self.recovery_codes_left(conn, member_id):
            found.add(Factor.RECOVERY_CODE)
        return frozenset(found)

    def recovery_codes_left(self, conn: Connection, member_id: str) -> int:
        return conn.execute(select(func.count()).select_from(RecoveryCodeRow).where(RecoveryCodeRow.member_id == member_id)).scalar_one()

    def keys(self, conn: Connection, member_id: str) -> list[Kept]:
        """Her security keys, the oldest first."""
        rows = conn.execute(select(SecurityKeyRow.__table__).where(SecurityKeyRow.member_id == member_id).order_by(SecurityKeyRow.made_at))
        return [Kept(row.id, self._opened(row.id, row.key, row.sign_count)) for row in rows]

    def ask_for_key(self, unit: Unit, session: Session, site: Site) -> str:
        """Options for the browser; the challenge is kept with the session and good for one answer."""
        asked = security_keys.ask_to_use(site, [kept.key for kept in self.keys(unit.conn, session.member_id)])
        self._sessions.keep(unit, session.id, _ASKED, asked.challenge)
        return asked.options

    def accept(self, unit: Unit, session: Session, factor: Factor, proof: str, site: Site | None) -> bool:
        """Whether this is her second factor. False also when it is too soon; commit in both cases, so that every try counts."""
        who = self._sealing.hashed("factor", session.member_id.encode())
        if not waits.may_try(unit, who):
            return False
        checks = {Factor.TOTP: self._totp, Factor.SECURITY_KEY: self._key, Factor.RECOVERY_CODE: self._recovery_code}
        if not checks[factor](unit, session, proof, site):
            self._audit.record(unit, "factor.refused", subject=session.id, actor=session.member_id)
            return False
        waits.clear(unit, who)
        self._audit.record(unit, f"factor.{factor.value}", subject=session.id, actor=session.member_id)
        return True

    def _totp(self, unit: Unit, session: Session, proof: str, _: Site | None) -> bool:
        hers = CredentialRow.member_id == session.member_id
        row = unit.conn.execute(select(CredentialRow.totp, CredentialRow.totp_counter).where(hers)).one_or_none()
        if row is None or row.totp is None:
            return False
        secret = self._sealing.open(row.totp, table="credentials", column="totp", row=session.member_id)
        step = self._codes.step(proof, secret, row.totp_counter)
        if step is None:
            return False
        later = CredentialRow.totp_counter.is_(None) | (CredentialRow.totp_counter < step)
        return unit.conn.execute(update(CredentialRow).where(hers, later).values(totp_counter=step)).rowcount == 1

    def _key(self, unit: Unit, session: Session, proof: str, site: Site | None) -> bool:
        challenge = self._sessions.kept(unit.conn, session.id, _ASKED)
        self._sessions.keep(unit, session.id, _ASKED, None)
        if not challenge or site is None:
            return False
        try:
            index = self._sealing.hashed("security key", security_keys.id_of(proof))
            hers = (SecurityKeyRow.key_index == index) & (SecurityKeyRow.member_id == session.member_id)
            row = unit.conn.execute(select(SecurityKeyRow.__table__).where(hers)).one_or_none()
            if row is None:
                return False
            count = security_keys.used(site, challenge, proof, self._opened(row.id, row.key, row.sign_count))
        except NotRecognised:
            return False
        unit.conn.execute(update(SecurityKeyRow).where(hers).values(sign_count=count, used_at=unit.now))
        return True

    def _recovery_code(self, unit: Unit, session: Session, proof: str, _: Site | None) -> bool:
        code = self._sealing.hashed("recovery code", plain_code(session.member_id, proof))
        taken = delete(RecoveryCodeRow).where(RecoveryCodeRow.code == code, RecoveryCodeRow.member_id == session.member_id)
        return unit.conn.execute(taken).rowcount == 1

    def _opened(self, key_id: str, sealed: bytes, sign_count: int) -> SecurityKey:
        return SecurityKey.unpacked(self._sealing.open(sealed, table="security_keys", column="key", row=key_id), sign_count)


def plain_code(member_id: str, typed: str) -> bytes:
    """A recovery code as it is hashed: lower case, without blanks and hyphens, bound to its owner."""
    return f"{member_id}\x1f{re.sub(r'[^0-9a-f]', '', typed.lower())}".encode()
