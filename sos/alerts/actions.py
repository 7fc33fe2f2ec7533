"""Raise, fold and mark alerts. Risk logic may raise, never lower; nothing that comes from her device closes or cancels an alert."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from sos.alerts.models import AlertEntryRow, AlertRow
from sos.alerts.states import Alert, Mark, Note
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.keys.keystore import Keystore
from sos.survivors.address import Address
from sos.survivors.keys import KeyGone, PersonKey, fresh, unwrap

_ALERTS = table_of(AlertRow)
_OPEN = (
    select(_ALERTS, _ALERTS.c.count.label("times"))  # a row's own `count` is a method
    .where(_ALERTS.c.fold_index.in_(bindparam("indexes", expanding=True)), _ALERTS.c.state != Alert.CLOSED.value)
    .with_for_update()
    .limit(1)
)
_APPEND = insert(table_of(AlertEntryRow))


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of an SOS. `on_duty`: whether anybody is; without paging nobody ever is, and the reply says so."""

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


class Alerts:
    """The writes of this room."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def raise_alert(self, unit: Unit, *, address: Address | None, survivor_id: str | None, reason: str, words: str) -> Raised:
        """Raise an alert, or fold into the open one of this address. `reason`: a signal's code; `words`: hers, sealed under the alert's key.

        Never refuses and is never rate-limited. Without an address (an unreadable message) every call is an alert of its own.
        """
        row = self._open_row(unit, address) if address else None
        if row is None:
            return self._new(unit, address, survivor_id, reason, words)
        unit.conn.execute(
            update(AlertRow)
            .where(AlertRow.id == row.id)
            .values(count=AlertRow.count + 1, last_at=unit.now, survivor_id=survivor_id or AlertRow.survivor_id)
        )
        self._append(unit, row.id, self._key(row), Note.WORDS.value, words)
        self._audit.record(unit, "alert.repeated", subject=row.id, actor="survivor")
        return Raised(row.id, row.number, True, row.times + 1, row.raised_at)

    def _new(self, unit: Unit, address: Address | None, survivor_id: str | None, reason: str, words: str) -> Raised:
        epoch, alert_id = self._keystore.current, new_id()
        key, wrapped = fresh(epoch, table="alerts", row=alert_id)
        values = {
            "id": alert_id,
            "survivor_id": survivor_id,
            "state": Alert.RECEIVED.value,
            "reason": reason[:32],
            "count": 1,
            "raised_at": unit.now,
            "last_at": unit.now,
            "key_epoch": epoch.id,
            "wrapped_key": wrapped,
            "fold_index": epoch.index_of(address.for_index()) if address else None,
            "address": key.seal(_spelt(address), table="alerts", column="address", row=alert_id) if address else None,
        }
        number = unit.conn.execute(insert(AlertRow).values(values).returning(AlertRow.number)).scalar_one()
        self._append(unit, alert_id, key, Note.WORDS.value, words)
        self._audit.record(unit, "alert.raised", subject=alert_id, actor="survivor")
        return Raised(alert_id, number, False, 1, unit.now)

    def add(self, unit: Unit, address: Address, kind: Note, text: str) -> bool:
        """Append to the open alert of this address; False when there is none."""
        return self._append_to_open(unit, address, kind.value, text)

    def mark(self, unit: Unit, address: Address, kind: Mark) -> bool:
        """Note a mark on the open alert; paging goes on and holds stay until a person decides. False when there is none."""
        return self._append_to_open(unit, address, f"mark.{kind.value}", "")

    def mark_all(self, unit: Unit, survivor_id: str, kind: Mark) -> bool:
        """Note a mark on every open alert of hers, by whatever address it came; False when there is none."""
        wanted = select(_ALERTS).where(_ALERTS.c.survivor_id == survivor_id, _ALERTS.c.state != Alert.CLOSED.value)
        rows = unit.conn.execute(wanted.with_for_update()).all()
        for row in rows:
            self._append(unit, row.id, self._key(row), f"mark.{kind.value}", "")
            self._audit.record(unit, f"alert.mark.{kind.value}", subject=row.id, actor="survivor")
        return bool(rows)

    def forget_person(self, unit: Unit, survivor_id: str, *, open_too: bool) -> None:
        """Destroy the keys of her alerts, here and in the keystore's memory for restored backups. What is open still counts and waits
        for a person, without her words and her address.
        """
        hers = select(_ALERTS.c.id).where(_ALERTS.c.survivor_id == survivor_id, _ALERTS.c.wrapped_key.is_not(None))
        if not open_too:
            hers = hers.where(_ALERTS.c.state == Alert.CLOSED.value)
        for alert_id in unit.conn.execute(hers).scalars().all():
            self._keystore.note_erased(alert_id)
            unit.conn.execute(update(AlertRow).where(AlertRow.id == alert_id).values(wrapped_key=None, fold_index=None, address=None))
            unit.conn.execute(update(AlertEntryRow).where(AlertEntryRow.alert_id == alert_id).values(body=None))
            self._audit.record(unit, "alert.forgotten", subject=alert_id)

    def open_for(self, unit: Unit, address: Address) -> OpenAlert | None:
        """The open alert of this address."""
        row = self._open_row(unit, address)
        return OpenAlert(row.id, row.number, row.times, row.raised_at) if row else None

    def _append_to_open(self, unit: Unit, address: Address, kind: str, text: str) -> bool:
        row = self._open_row(unit, address)
        if row is None:
            return False
        self._append(unit, row.id, self._key(row), kind, text)
        self._audit.record(unit, f"alert.{kind}", subject=row.id, actor="survivor")
        return True

    def _open_row(self, unit: Unit, address: Address) -> Row[Any] | None:
        indexes = [epoch.index_of(address.for_index()) for epoch in self._keystore.epochs]
        return unit.conn.execute(_OPEN, {"indexes": indexes}).one_or_none()

    def _key(self, row: Row[Any]) -> PersonKey | None:
        try:
            return unwrap(self._keystore, epoch=row.key_epoch, wrapped=row.wrapped_key, table="alerts", row=row.id)
        except KeyGone:
            return None  # the alert still counts, although its words are gone

    def _append(self, unit: Unit, alert_id: str, key: PersonKey | None, kind: str, text: str) -> None:
        row = new_id()
        body = key.seal(text.encode(), table="alert_entries", column="body", row=row) if key and text else None
        unit.conn.execute(_APPEND, {"id": row, "alert_id": alert_id, "kind": kind, "body": body, "at": unit.now})


def _spelt(address: Address) -> bytes:
    return f"{address.channel.value}\x1f{address.value}".encode()
