"""Give, shorten, suspend and withdraw consents. An end can only come nearer; what comes from her device without the check word suspends at once.

Withdrawal closes everything that rests on the consent in the same transaction: whoever keeps such a thing registers with `when_ended`.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, set_deadline
from sos.referrals.consents.errors import NoEnd, NoFields, NoSuchConsent
from sos.referrals.consents.models import ConsentRow
from sos.referrals.consents.receipts import Receipt, Recipient, new_code, open_receipt, sealed_receipt
from sos.referrals.consents.states import LONGEST, MOVES, Consent, Field, Purpose
from sos.survivors.actions import Survivors

KIND: Final = "consent.expiry"
_CONSENTS = table_of(ConsentRow)
_STANDING: Final = (Consent.LIVE.value, Consent.SUSPENDED.value)
Ended = Callable[[Unit, str, Consent], None]


class Consents:
    """The writes about consents."""

    def __init__(self, survivors: Survivors, audit: Audit) -> None:
        self._survivors = survivors
        self._audit = audit
        self._ended: list[Ended] = []

    def when_ended(self, call: Ended) -> None:
        """Have `call(unit, consent id, new state)` run in the transaction in which a consent stops opening anything."""
        self._ended.append(call)

    def give(
        self, unit: Unit, *, survivor_id: str, recipient: Recipient, fields: Collection[Field], purpose: Purpose, until: datetime, by: str
    ) -> Receipt:
        """Keep what she said yes to. `until`: aware. Raises NoEnd, NoFields, KeyGone."""
        if not unit.now < until <= unit.now + LONGEST[purpose]:
            raise NoEnd("a consent ends in the future, within what its purpose allows")
        if not fields and purpose is not Purpose.COUNTED:
            raise NoFields("a consent names what may be shared")
        key, row = self._survivors.key_of(unit, survivor_id), new_id()
        code = new_code(unit.conn.execute(select(_CONSENTS.c.code).where(_CONSENTS.c.survivor_id == survivor_id)).scalars().all())
        values: dict[str, Any] = {
            "id": row,
            "survivor_id": survivor_id,
            "code": code,
            "body": sealed_receipt(key, row, recipient, fields, purpose),
        }
        values |= {"state": Consent.LIVE.value, "given_at": unit.now, "given_to": by, "until": until}
        unit.conn.execute(insert(_CONSENTS), values)
        set_deadline(unit, kind=KIND, subject=row, due=until)
        self._audit.record(unit, "consent.given", subject=row, actor=by)
        return Receipt(row, code, recipient, frozenset(fields), purpose, Consent.LIVE, unit.now, until)

    def of(self, unit: Unit, survivor_id: str, *, ended_too: bool = False) -> list[Receipt]:
        """Her receipts, newest first. Raises KeyGone."""
        key = self._survivors.key_of(unit, survivor_id)
        wanted = select(_CONSENTS).where(_CONSENTS.c.survivor_id == survivor_id)
        if not ended_too:
            wanted = wanted.where(_CONSENTS.c.state.in_(_STANDING), _CONSENTS.c.until > unit.now)
        rows = unit.conn.execute(wanted.order_by(_CONSENTS.c.given_at.desc(), _CONSENTS.c.id))
        return [
            Receipt(row.id, row.code, *open_receipt(key, row.id, row.body), Consent(row.state), row.given_at, row.until) for row in rows
        ]

    def open_fields(self, unit: Unit, survivor_id: str, recipient: Recipient, purposes: Collection[Purpose]) -> frozenset[Field]:
        """What this recipient may read of her now; nothing is an answer too."""
        receipts = [one for one in self.of(unit, survivor_id) if one.opens(unit.now)]
        fields = [one.fields for one in receipts if one.recipient == recipient and one.purpose in purposes]
        return frozenset().union(*fields)

    def shorten(self, unit: Unit, survivor_id: str, code: str, until: datetime) -> None:
        """She wants it to end earlier; later is a new consent. Raises NoSuchConsent, NoEnd."""
        row = self._row(unit, survivor_id, code)
        if not unit.now < until <= row.until:
            raise NoEnd("a consent can only be shortened")
        unit.conn.execute(update(_CONSENTS).where(_CONSENTS.c.id == row.id).values(until=until))
        cancel(unit, kind=KIND, subject=row.id)
        set_deadline(unit, kind=KIND, subject=row.id, due=until)
        self._audit.record(unit, "consent.shortened", subject=row.id, actor="survivor")

    def withdraw(self, unit: Unit, survivor_id: str, *, code: str | None, verified: bool, by: str = "survivor") -> int:
        """End one receipt, or all; returns how many stopped opening anything. `verified`: with the check word, or to a person's face.

        Without it they are suspended at once and a person decides; holds stay. Raises NoSuchConsent for a code that she does not have.
        """
        rows = [self._row(unit, survivor_id, code)] if code else self._standing(unit, survivor_id)
        how = "withdraw" if verified else "suspend"
        changed = 0
        for row in rows:
            if how in MOVES.moves[Consent(row.state)]:
                self._end(unit, row, how, by)
                changed += 1
        return changed

    def confirm_again(self, unit: Unit, consent_id: str, *, by: str) -> None:
        """She told a person that the withdrawal was not hers. Raises NoSuchConsent, IllegalMove, AlreadyMoved."""
        row = self._locked(unit, consent_id)
        new = MOVES.after(Consent(row.state), "confirm_again")
        changed = update(_CONSENTS).where(_CONSENTS.c.id == row.id, _CONSENTS.c.state == row.state, _CONSENTS.c.until > unit.now)
        move(unit.conn, changed.values(state=new.value, ended_at=None))
        self._audit.record(unit, "consent.confirmed_again", subject=row.id, actor=by)

    def stands(self, conn: Connection, survivor_id: str) -> bool:
        """Whether she has a consent that opens something, or would if a person confirmed it."""
        wanted = select(_CONSENTS.c.id).where(_CONSENTS.c.survivor_id == survivor_id, _CONSENTS.c.state.in_(_STANDING))
        return conn.execute(wanted.limit(1)).first() is not None

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """End them all and drop the receipts: what rests on them ends in this transaction."""
        self.withdraw(unit, survivor_id, code=None, verified=True)
        unit.conn.execute(delete(_CONSENTS).where(_CONSENTS.c.survivor_id == survivor_id))

    def fire(self, unit: Unit, due: Due) -> None:
        """Its end has come."""
        row = unit.conn.execute(select(_CONSENTS).where(_CONSENTS.c.id == due.subject).with_for_update()).one_or_none()
        if row is not None and row.state in _STANDING and row.until <= unit.now:
            self._end(unit, row, "expire", "system")

    def _end(self, unit: Unit, row: Row[Any], how: str, by: str) -> None:
        new = MOVES.after(Consent(row.state), how)
        changed = update(_CONSENTS).where(_CONSENTS.c.id == row.id, _CONSENTS.c.state == row.state)
        move(unit.conn, changed.values(state=new.value, ended_at=unit.now))
        if new is not Consent.SUSPENDED:
            cancel(unit, kind=KIND, subject=row.id)
        self._audit.record(unit, f"consent.{new.value}", subject=row.id, actor=by)
        for call in self._ended:
            call(unit, row.id, new)

    def _standing(self, unit: Unit, survivor_id: str) -> list[Row[Any]]:
        wanted = select(_CONSENTS).where(_CONSENTS.c.survivor_id == survivor_id, _CONSENTS.c.state.in_(_STANDING))
        return list(unit.conn.execute(wanted.order_by(_CONSENTS.c.id).with_for_update()))

    def _row(self, unit: Unit, survivor_id: str, code: str) -> Row[Any]:
        wanted = select(_CONSENTS).where(_CONSENTS.c.survivor_id == survivor_id, _CONSENTS.c.code == code.strip().upper())
        row = unit.conn.execute(wanted.with_for_update()).one_or_none()
        if row is None:
            raise NoSuchConsent("she has no such consent")
        return row

    def _locked(self, unit: Unit, consent_id: str) -> Row[Any]:
        row = unit.conn.execute(select(_CONSENTS).where(_CONSENTS.c.id == consent_id).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchConsent("she has no such consent")
        return row
