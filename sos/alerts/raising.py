"""What comes in: alerts raised, folded, added to and marked. Nothing that comes from her device closes, cancels or lowers an alert."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, func, insert, or_, select, update

from sos.alerts import synthetic, triage
from sos.alerts.book import ALERTS, IS_OPEN, ROWS, Book, bar
from sos.alerts.escalation.levels import Escalation
from sos.alerts.escalation.policy import copied
from sos.alerts.escalation.watching import raise_row
from sos.alerts.models import AlertBarRow, AlertEntryRow, AlertRow
from sos.alerts.states import DEADLINES, FINAL, HELD, Alert, Clockwork, Mark, Note, Source
from sos.alerts.triage import Assessment, Urgency
from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.deadlines.actions import cancel, set_deadline
from sos.keys.keystore import Keystore
from sos.survivors.address import Address
from sos.survivors.keys import fresh

_AGAIN: Final = frozenset({Alert.OPENED, Alert.ANSWERED})
_RAISING: Final = {Mark.DURESS.value: "duress", Note.CALL_192_YES.value: "call_192_yes"}
"""Marks and answers that are reasons of their own."""
MOST_BARRED_BY_HER: Final = 3
"""So many people she may refuse within one alert; from then on a person decides."""


class Another(StrEnum):
    """What became of her wish for another person."""

    GIVEN = "given"  #: who had it has it no more
    NOTED = "noted"  #: there is nobody else, or too many were refused: supervisors are asked, who has it goes on
    NOBODY_HAS_IT = "nobody_has_it"


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of an SOS. `on_duty`: whether anybody is who may be shown it; the reply says so."""

    id: str
    number: int
    repeated: bool
    count: int
    raised_at: datetime
    on_duty: bool = False


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """The one open alert of an address."""

    id: str
    number: int
    count: int
    raised_at: datetime


class Raising:
    """The writes that her messages cause."""

    def __init__(self, keystore: Keystore, audit: Audit, book: Book, escalation: Escalation) -> None:
        self._keystore = keystore
        self._audit = audit
        self._book = book
        self._escalation = escalation

    def raise_alert(
        self,
        unit: Unit,
        *,
        address: Address | None,
        survivor_id: str | None,
        reason: str,
        words: str,
        reasons: Sequence[str] = (),
        language: str | None = None,
        country: str | None = None,
        source: Source = Source.DEVICE,
        by: str | None = None,
    ) -> Raised:
        """Raise an alert and page the first level in this transaction, or fold into the open one of this address.

        `reason`: a signal's code, the gravest; `reasons`: the others; `words`: hers, sealed under the alert's key. Never refuses and is never
        rate-limited. Without an address (an unreadable message) every call is an alert of its own. `by`: the member who wrote her words down.
        """
        row = self._book.open_row(unit, address) if address else None
        if row is None:
            return self._new(unit, address, survivor_id, (reason, *reasons), words, language, country, source, by)
        known = Assessment(Urgency(row.urgency), tuple(row.reasons))
        for code in (reason, *reasons):
            known = triage.after_repeat(known, code[:32], row.times + 1)
        unit.conn.execute(
            update(AlertRow)
            .where(AlertRow.id == row.id)
            .values(
                count=AlertRow.count + 1,
                last_at=unit.now,
                survivor_id=survivor_id or AlertRow.survivor_id,
                urgency=known.urgency.value,
                reasons=list(known.reasons),
            )
        )
        self._book.append(unit, row, Note.WORDS.value, words, by=by)
        self._audit.record(unit, "alert.repeated", subject=row.id, actor=by or "survivor")
        if Alert(row.state) in _AGAIN:
            self._again(unit, row)
        return Raised(row.id, row.number, True, row.times + 1, row.raised_at, self._escalation.staff(unit, row).duty_answers)

    def _again(self, unit: Unit, row: Row[Any]) -> None:
        """She calls again after somebody had read or answered: that person has three minutes again, and is paged."""
        self._book.move(unit, row, "again", turn=row.turn + 1)
        self._book.append(unit, row, "again")
        for kind in (Clockwork.REPLY, Clockwork.IDLE):
            cancel(unit, kind=kind, subject=row.id)
        wait = DEADLINES[Alert.TAKEN].after
        if wait is not None:
            set_deadline(unit, kind=Clockwork.REPLY, subject=row.id, due=unit.now + wait, level=row.turn + 1)
        self._escalation.page_members(unit, row, [row.taken_by])

    def _new(
        self,
        unit: Unit,
        address: Address | None,
        survivor_id: str | None,
        reasons: Sequence[str],
        words: str,
        language: str | None,
        country: str | None,
        source: Source,
        by: str | None,
    ) -> Raised:
        epoch, alert_id = self._keystore.current, new_id()
        key, wrapped = fresh(epoch, table="alerts", row=alert_id)
        known = triage.first(code[:32] for code in reasons)
        fold = epoch.index_of(address.for_index()) if address else None
        values = {
            "id": alert_id,
            "survivor_id": survivor_id,
            "state": Alert.RECEIVED.value,
            "state_at": unit.now,
            "reason": reasons[0][:32],
            "count": 1,
            "raised_at": unit.now,
            "last_at": unit.now,
            "key_epoch": epoch.id,
            "wrapped_key": wrapped,
            "fold_index": fold,
            "address": key.seal(spelt(address), table="alerts", column="address", row=alert_id) if address else None,
            "source": source.value,
            "urgency": known.urgency.value,
            "reasons": list(known.reasons),
            "policy": copied(self._escalation.policy_for(unit, language=language, country=country)),
            "language": language,
            "country": country,
            "nuisance_until": self._nuisance(unit, survivor_id, fold),
            "synthetic": address == synthetic.sender(self._keystore),
        }
        unit.conn.execute(insert(AlertRow).values(values))
        row = self._book.row(unit, alert_id)
        self._book.append_sealed(unit, alert_id, key, Note.WORDS.value, words, by=by)
        self._audit.record(unit, "alert.raised", subject=alert_id, actor=by or "survivor")
        return Raised(alert_id, row.number, False, 1, unit.now, self._escalation.begin(unit, row))

    def _nuisance(self, unit: Unit, survivor_id: str | None, fold: bytes | None) -> datetime | None:
        """A mark that has not ended goes on: it changes the place in the queue and nothing else."""
        whose = [AlertRow.survivor_id == survivor_id] if survivor_id else []
        whose += [AlertRow.fold_index == fold] if fold else []
        if not whose:
            return None
        wanted = select(AlertRow.nuisance_until).where(or_(*whose), AlertRow.nuisance_until > unit.now)
        found: datetime | None = unit.conn.execute(wanted.order_by(AlertRow.nuisance_until.desc()).limit(1)).scalar()
        return found

    def page_everyone(self, unit: Unit, alert_id: str) -> None:
        """Whoever can answer is paged now, on duty or not, and again until a person takes it."""
        self._escalation.page_everyone(unit, self._book.row(unit, alert_id))

    def add(self, unit: Unit, address: Address, kind: Note, text: str) -> bool:
        """Append to the open alert of this address; False when there is none."""
        return self._append_to_open(unit, address, kind.value, text)

    def mark(self, unit: Unit, address: Address, kind: Mark) -> bool:
        """Note a mark on the open alert; paging goes on and holds stay until a person decides. False when there is none."""
        return self._append_to_open(unit, address, f"mark.{kind.value}", "")

    def mark_all(self, unit: Unit, survivor_id: str, kind: Mark) -> bool:
        """Note a mark on every open alert of hers, by whatever address it came; False when there is none."""
        rows = unit.conn.execute(ROWS.where(ALERTS.c.survivor_id == survivor_id, IS_OPEN).with_for_update()).all()
        for row in rows:
            self._note(unit, row, f"mark.{kind.value}", "")
        return bool(rows)

    def another_person(self, unit: Unit, address: Address) -> Another:
        """She asks for another person: her case no longer exists for whoever has it, and everybody else is paged.

        Who has her phone may not be she: so it is never taken from the last person who could see it, and not without end. Then the supervisors
        and the next person are paged, and who has it goes on.
        """
        row = self._book.open_row(unit, address)
        if row is None or row.taken_by is None or Alert(row.state) not in HELD:
            return Another.NOBODY_HAS_IT
        self._book.append(unit, row, "another_person")
        self._book.change(unit, row.id, last_at=unit.now)
        others = [person.id for person in self._escalation.staff(unit, row).can_open if person.id != row.taken_by]
        if not others or self._barred_by_her(unit, row) >= MOST_BARRED_BY_HER:
            self._audit.record(unit, "alert.another_person", subject=row.id, actor="survivor")
            self._escalation.supervisors_and_next(unit, row)
            return Another.NOTED
        bar(unit, member_id=row.taken_by, alert_id=row.id, survivor_id=row.survivor_id, by=None)
        self._audit.record(unit, "alert.barred", subject=row.id, actor="survivor")
        self._escalation.lapse(unit, row, "another_person")
        if not self._escalation.staff(unit, row).duty_answers:
            self._escalation.supervisors_and_next(unit, row)
        return Another.GIVEN

    def _barred_by_her(self, unit: Unit, row: Row[Any]) -> int:
        hers = select(func.count()).select_from(AlertBarRow).where(AlertBarRow.alert_id == row.id, AlertBarRow.by.is_(None))
        return int(unit.conn.execute(hers).scalar_one())

    def duty_answers(self, unit: Unit, address: Address) -> bool | None:
        """Whether anybody on duty may be shown the open alert of this address; None where there is none."""
        row = self._book.open_row(unit, address)
        return self._escalation.staff(unit, row).duty_answers if row is not None else None

    def forget_person(self, unit: Unit, survivor_id: str, *, open_too: bool) -> None:
        """Destroy the keys of her alerts, here and in the keystore's memory for restored backups. What is open still counts and waits
        for a person, without her words and her address.
        """
        hers = select(ALERTS.c.id).where(ALERTS.c.survivor_id == survivor_id, ALERTS.c.wrapped_key.is_not(None))
        if not open_too:
            hers = hers.where(ALERTS.c.state.in_([state.value for state in FINAL]))
        for alert_id in unit.conn.execute(hers).scalars().all():
            self._keystore.note_erased(alert_id)
            self._book.drop_points(unit, alert_id)
            unit.conn.execute(update(AlertRow).where(AlertRow.id == alert_id).values(wrapped_key=None, fold_index=None, address=None))
            unit.conn.execute(update(AlertEntryRow).where(AlertEntryRow.alert_id == alert_id).values(body=None))
            self._audit.record(unit, "alert.forgotten", subject=alert_id)
        unit.conn.execute(update(AlertBarRow).where(AlertBarRow.survivor_id == survivor_id).values(survivor_id=None))

    def open_for(self, unit: Unit, address: Address) -> OpenAlert | None:
        """The open alert of this address."""
        row = self._book.open_row(unit, address)
        return OpenAlert(row.id, row.number, row.times, row.raised_at) if row else None

    def has_open(self, unit: Unit, survivor_id: str) -> bool:
        """Whether any alert of hers is open."""
        return unit.conn.execute(select(ALERTS.c.id).where(ALERTS.c.survivor_id == survivor_id, IS_OPEN).limit(1)).first() is not None

    def _append_to_open(self, unit: Unit, address: Address, kind: str, text: str) -> bool:
        row = self._book.open_row(unit, address)
        if row is None:
            return False
        self._note(unit, row, kind, text)
        return True

    def _note(self, unit: Unit, row: Row[Any], kind: str, text: str) -> None:
        self._book.append(unit, row, kind, text)
        self._book.change(unit, row.id, last_at=unit.now)
        self._audit.record(unit, f"alert.{kind}", subject=row.id, actor="survivor")
        why = _RAISING.get(kind.removeprefix("mark."))
        if why is not None:
            raise_row(self._book, unit, row, why)


def spelt(address: Address) -> bytes:
    return f"{address.channel.value}\x1f{address.value}".encode()
