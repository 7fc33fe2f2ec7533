"""Send, answer and end referrals. Nothing leaves without a consent that lives now (or an override of two persons); nothing but its fields leaves.

Ending a consent ends what rests on it in the same transaction; a suspended one hides it and leaves holds for a person to decide.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, set_deadline
from sos.referrals.access import Viewer, agency_index, visible
from sos.referrals.consents.actions import Consents
from sos.referrals.consents.receipts import Recipient
from sos.referrals.consents.states import Consent, Field, Purpose
from sos.referrals.errors import Barred, NoConsent, NoLegalNote, NoSuchReferral
from sos.referrals.models import AgencyBarRow, ReferralEventRow, ReferralRow
from sos.referrals.states import MOVES, WAITS, Decline, Programme, Referral
from sos.referrals.summaries.actions import Summaries
from sos.survivors.actions import Survivors

KIND: Final = "referral.wait"
_REFERRALS, _EVENTS, _BARRED = table_of(ReferralRow), table_of(ReferralEventRow), table_of(AgencyBarRow)
_OPEN: Final = tuple(state.value for state in Referral if MOVES.moves[state])
AT_HOME: Final = frozenset({Purpose.ARRANGE, Purpose.IN_SERVICE})
ABROAD: Final = frozenset({Purpose.CROSS_BORDER})
"""A consent to share at home crosses no border, and the other way round (DOMAIN 43)."""
_LETTERS: Final = "ACEHKLMPRTUVX23456789"
_HER_WORD: Final = ("her_word", "her_word_skipped")


class Notices(Protocol):
    """Tells people that something waits. Says "you have a new item" and never what."""

    def new_item(self, unit: Unit, recipient: bytes, referral_id: str) -> None:
        """To the agency with this index."""

    def overdue(self, unit: Unit, recipient: bytes, referral_id: str, made_by: str) -> None:
        """To both sides."""

    def group_refused(self, unit: Unit, referral_id: str) -> None:
        """To a supervisor: an agency refused a group of people."""


class Referrals:
    """The writes of this room."""

    def __init__(
        self,
        place_key: Callable[[], bytes],
        survivors: Survivors,
        consents: Consents,
        notices: Notices,
        audit: Audit,
        *,
        closing: Callable[[Unit, str], None] = lambda unit, survivor_id: None,  # noqa: ARG005 - nobody waits
    ) -> None:
        """`closing(unit, survivor id)` runs when one of her referrals has ended: an erasure may wait for it."""
        self._place_key = place_key
        self._survivors = survivors
        self._consents = consents
        self._notices = notices
        self._audit = audit
        self._closing = closing
        self._summaries = Summaries(survivors, audit)
        consents.when_ended(self.consent_ended)

    def send(
        self,
        unit: Unit,
        *,
        survivor_id: str,
        recipient: Recipient,
        values: Mapping[Field, str],
        by: str,
        programme: Programme = Programme.PROTECTION,
        across_border: bool = False,
        legal_note: str = "",
    ) -> str:
        """Refer her to one agency; returns the referral's id. `across_border`: with a note on the law and a consent of its own.

        Raises NoConsent where a value is not among the consented fields, NotApproved for a summary that she did not approve as it stands,
        Barred, NoLegalNote, KeyGone.
        """
        if across_border and not legal_note.strip():
            raise NoLegalNote("nothing crosses a border without a note on the law")
        purposes = ABROAD if across_border else AT_HOME
        receipts = [one for one in self._consents.of(unit, survivor_id) if one.opens(unit.now)]
        fitting = [one for one in receipts if one.recipient == recipient and one.purpose in purposes and set(values) <= one.fields]
        if not fitting:
            raise NoConsent("no consent lets this be sent")
        if Field.SUMMARY in values:
            self._summaries.check(unit, survivor_id, values[Field.SUMMARY])
        ground = {"consent_id": max(fitting, key=lambda one: one.until).id, "override_id": None}
        referral = self._sent(unit, survivor_id, recipient, values, by, programme, ground)
        if across_border:
            self._write(unit, survivor_id, referral, "legal_note", legal_note.strip(), by)
        return referral

    def send_overridden(
        self, unit: Unit, *, survivor_id: str, override_id: str, recipient: Recipient, values: Mapping[Field, str], by: str
    ) -> str:
        """Refer without her consent, on an override that two persons made: `sos.referrals.override` calls this and nobody else."""
        ground = {"consent_id": None, "override_id": override_id}
        return self._sent(unit, survivor_id, recipient, values, by, Programme.PROTECTION, ground)

    def _sent(
        self,
        unit: Unit,
        survivor_id: str,
        recipient: Recipient,
        values: Mapping[Field, str],
        by: str,
        programme: Programme,
        ground: Mapping[str, str | None],
    ) -> str:
        agency = agency_index(self._place_key(), recipient)
        if self._is_barred(unit.conn, survivor_id, agency):
            raise Barred("this agency must not know of this case")
        key, row = self._survivors.key_of(unit, survivor_id), new_id()
        plain = json.dumps({one.value: text for one, text in values.items()}, ensure_ascii=False).encode()
        line: dict[str, Any] = {
            "id": row,
            "number": "".join(secrets.choice(_LETTERS) for _ in range(6)),
            "survivor_id": survivor_id,
            "agency": agency,
        }
        line |= {"programme": programme.value, "state": Referral.SENT.value, "turn": 1, "made_at": unit.now, "made_by": by}
        line |= {"state_at": unit.now, "body": key.seal(plain, table="referrals", column="body", row=row)}
        unit.conn.execute(insert(_REFERRALS), line | dict(ground))
        self._wait(unit, row, Referral.SENT, 1)
        self._note(unit, row, "sent", by)
        self._notices.new_item(unit, agency, row)
        self._audit.record(unit, "referral.sent", subject=row, actor=by)
        return row

    def act(self, unit: Unit, referral_id: str, viewer: Viewer, how: str, *, reason: Decline | None = None) -> Referral:
        """see, accept, begin, complete, or decline with a coded reason. Raises NoSuchReferral, IllegalMove, AlreadyMoved."""
        if (how == "decline") != (reason is not None) or how in ("withdraw", "fall_due"):
            raise ValueError("a decline has a reason; ends by her or by time are not made here")
        wanted = select(_REFERRALS).where(_REFERRALS.c.id == referral_id, visible(viewer, self._place_key(), unit.now))
        row = unit.conn.execute(wanted.with_for_update(of=_REFERRALS)).one_or_none()
        if row is None:
            raise NoSuchReferral("there is none")
        new = self._move(unit, row, how, viewer.member_id, reason)
        if reason is Decline.GROUP_REFUSED:
            self._notices.group_refused(unit, row.id)
        return new

    def feedback(self, unit: Unit, referral_id: str, viewer: Viewer, text: str) -> None:
        """The agency's word, or a colleague's, about how it went; sealed under her key. Raises NoSuchReferral, KeyGone."""
        wanted = select(_REFERRALS.c.survivor_id).where(_REFERRALS.c.id == referral_id, visible(viewer, self._place_key(), unit.now))
        survivor_id = unit.conn.execute(wanted).scalar()
        if survivor_id is None:
            raise NoSuchReferral("there is none")
        self._write(unit, survivor_id, referral_id, "feedback", text, viewer.member_id)

    def asks_her(self, conn: Connection, survivor_id: str) -> str | None:
        """The id of a completed referral of hers about which she was not asked yet. For herself only, behind her check word."""
        asked = exists(select(_EVENTS.c.id).where(_EVENTS.c.referral_id == _REFERRALS.c.id, _EVENTS.c.kind.in_(_HER_WORD)))
        done = select(_REFERRALS.c.id).where(
            _REFERRALS.c.survivor_id == survivor_id, _REFERRALS.c.state == Referral.COMPLETED.value, ~asked
        )
        return conn.execute(done.order_by(_REFERRALS.c.state_at).limit(1)).scalar()

    def her_word(self, unit: Unit, survivor_id: str, referral_id: str, text: str) -> None:
        """How it went, in her word; empty: she skipped it, and is not asked again. Nothing happens for a referral that is not hers."""
        hers = select(_REFERRALS.c.id).where(_REFERRALS.c.id == referral_id, _REFERRALS.c.survivor_id == survivor_id)
        if unit.conn.execute(hers).scalar() is None:
            return
        if text:
            self._write(unit, survivor_id, referral_id, "her_word", text, "survivor")
        else:
            self._note(unit, referral_id, "her_word_skipped", "survivor")

    def bar_agency(self, unit: Unit, survivor_id: str, recipient: Recipient, *, by: str) -> None:
        """From now on this case does not exist for this agency; what it had is withdrawn from it in this transaction."""
        agency = agency_index(self._place_key(), recipient)
        if self._is_barred(unit.conn, survivor_id, agency):
            return
        row = {"id": new_id(), "survivor_id": survivor_id, "agency": agency, "by": by, "at": unit.now}
        unit.conn.execute(insert(_BARRED), row)
        self._audit.record(unit, "agency.barred", subject=survivor_id, actor=by)
        wanted = select(_REFERRALS).where(
            _REFERRALS.c.survivor_id == survivor_id, _REFERRALS.c.agency == agency, _REFERRALS.c.state.in_(_OPEN)
        )
        for one in unit.conn.execute(wanted.with_for_update()).all():
            self._move(unit, one, "withdraw", by, None)

    def has_open(self, conn: Connection, survivor_id: str) -> bool:
        """Whether something of hers is on its way or in service: then an unproven ERASE waits for a person (DOMAIN 11)."""
        there = select(_REFERRALS.c.id).where(_REFERRALS.c.survivor_id == survivor_id, _REFERRALS.c.state.in_(_OPEN))
        return conn.execute(there.limit(1)).first() is not None

    def _is_barred(self, conn: Connection, survivor_id: str, agency: bytes) -> bool:
        there = select(_BARRED.c.id).where(_BARRED.c.survivor_id == survivor_id, _BARRED.c.agency == agency)
        return conn.execute(there).first() is not None

    def consent_ended(self, unit: Unit, consent_id: str, state: Consent) -> None:
        """Runs in the transaction in which a consent ends. Suspended: nothing is readable, the referral stands. Else: it is withdrawn."""
        wanted = select(_REFERRALS).where(_REFERRALS.c.consent_id == consent_id, _REFERRALS.c.state.in_(_OPEN))
        for row in unit.conn.execute(wanted.with_for_update()).all():
            if state is Consent.SUSPENDED:
                self._note(unit, row.id, "suspended", "survivor")
            else:
                self._move(unit, row, "withdraw", "survivor", None)

    def override_ended(self, unit: Unit, override_id: str, by: str) -> None:
        """Runs in the transaction in which an override ends: what rests on it is withdrawn."""
        wanted = select(_REFERRALS).where(_REFERRALS.c.override_id == override_id, _REFERRALS.c.state.in_(_OPEN))
        for row in unit.conn.execute(wanted.with_for_update()).all():
            self._move(unit, row, "withdraw", by, None)

    def fire(self, unit: Unit, due: Due) -> None:
        """A wait is over without an answer: both sides are told, once for each wait."""
        row = unit.conn.execute(select(_REFERRALS).where(_REFERRALS.c.id == due.subject).with_for_update()).one_or_none()
        if row is None or row.turn != due.level or "fall_due" not in MOVES.moves[Referral(row.state)]:
            return
        self._move(unit, row, "fall_due", "system", None)
        self._notices.overdue(unit, row.agency, row.id, row.made_by)

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """Referrals of hers end with her words."""
        rows = unit.conn.execute(select(_REFERRALS).where(_REFERRALS.c.survivor_id == survivor_id).with_for_update()).all()
        for row in rows:
            if row.state in _OPEN:
                self._move(unit, row, "withdraw", "survivor", None, waited_for=False)
            unit.conn.execute(update(_REFERRALS).where(_REFERRALS.c.id == row.id).values(body=None))
            unit.conn.execute(update(_EVENTS).where(_EVENTS.c.referral_id == row.id).values(body=None))
        unit.conn.execute(delete(_BARRED).where(_BARRED.c.survivor_id == survivor_id))
        self._summaries.forget_person(unit, survivor_id)

    def _move(self, unit: Unit, row: Row[Any], how: str, by: str, reason: Decline | None, *, waited_for: bool = True) -> Referral:
        new, turn = MOVES.after(Referral(row.state), how), row.turn + 1
        values: dict[str, Any] = {"state": new.value, "state_at": unit.now, "turn": turn, "declined": reason.value if reason else None}
        if new in (Referral.WITHDRAWN, Referral.DECLINED):
            values["body"] = None
        move(unit.conn, update(_REFERRALS).where(_REFERRALS.c.id == row.id, _REFERRALS.c.state == row.state).values(values))
        cancel(unit, kind=KIND, subject=row.id)
        self._wait(unit, row.id, new, turn)
        self._note(unit, row.id, new.value, by)
        self._audit.record(unit, f"referral.{new.value}", subject=row.id, actor=by)
        if waited_for and new.value not in _OPEN:
            self._closing(unit, row.survivor_id)
        return new

    def _wait(self, unit: Unit, referral_id: str, state: Referral, turn: int) -> None:
        if (wait := WAITS.get(state)) is not None:
            set_deadline(unit, kind=KIND, subject=referral_id, due=unit.now + wait, level=turn)

    def _write(self, unit: Unit, survivor_id: str, referral_id: str, kind: str, text: str, by: str) -> None:
        row = new_id()
        body = self._survivors.key_of(unit, survivor_id).seal(text.encode(), table="referral_events", column="body", row=row)
        values = {"id": row, "referral_id": referral_id, "kind": kind, "body": body, "at": unit.now, "by": by}
        unit.conn.execute(insert(_EVENTS), values)
        self._audit.record(unit, f"referral.{kind}", subject=referral_id, actor=by)

    def _note(self, unit: Unit, referral_id: str, kind: str, by: str) -> None:
        values = {"id": new_id(), "referral_id": referral_id, "kind": kind, "body": None, "at": unit.now, "by": by}
        unit.conn.execute(insert(_EVENTS), values)
