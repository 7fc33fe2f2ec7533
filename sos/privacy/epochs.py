"""The turn of the epochs: every five days new keys, everything re-wrapped and re-indexed, the old epoch destroyed within a day.

So nothing erased can be opened seven days later, in any copy of the database, with every key still held. Never brings an erased key back:
each row moves by compare-and-set on (id, epoch), and a destroyed key is NULL.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.exc import IntegrityError

from sos import logs
from sos.alerts.models import AlertRow
from sos.alerts.points.models import PointsKeyRow
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Database, Unit
from sos.encryption import CannotOpen
from sos.inbox.models import InboxRow
from sos.inbox.states import Inbox
from sos.keys.keystore import Epoch, Keystore, due_for_turn
from sos.survivors.address import Address, Channel
from sos.survivors.aliases.actions import index_of as index_of_alias
from sos.survivors.aliases.models import AliasRow
from sos.survivors.evidence.models import EvidenceRow
from sos.survivors.keys import KeyGone, PersonKey, rewrap, unwrap
from sos.survivors.models import ContactRow, PhraseRow, SurvivorRow
from sos.survivors.own_keys import rewrap_within
from sos.survivors.safety_plan.models import OwnPlanRow
from sos.survivors.words import plain

EVERY = timedelta(days=5)
OLD_LIVES = timedelta(hours=24)
AT_LATEST = timedelta(hours=46)
"""So long after the turn the old epoch goes whatever still hangs on it: with the five days, seven are promised to whom was forgotten."""
CHUNK = 1000
WITHIN = (EvidenceRow, OwnPlanRow, PointsKeyRow)
"""What has a key of its own: within hers (sos/survivors/own_keys.py), or of an open alert's points."""


class Epochs:
    """Turns, moves and destroys; safe to run twice and to be killed anywhere."""

    def __init__(self, database: Database, keystore: Keystore, audit: Audit) -> None:
        self._database = database
        self._keystore = keystore
        self._audit = audit

    def tend(self, back_up: Callable[[datetime], None] | None = None) -> None:
        """Turn when the five days are over, move what still hangs on an old epoch, destroy an old epoch when its day is over.

        `back_up(since)` makes a verified copy unless one younger than `since` exists: older copies open no longer once the old epoch is gone.
        """
        now = self._database.clock.now()
        if due_for_turn(self._keystore.current, now, every=EVERY):
            made = self._keystore.turn(now=now)
            logs.event("keys.turned", epoch=made.id)
        while self.move_chunk():
            pass
        overdue = now - self._keystore.current.made >= AT_LATEST
        try:
            if back_up is not None:
                back_up(self._keystore.current.made)
        except Exception as error:
            if not overdue:
                raise
            logs.problem("job.failed", job="backup", error=type(error).__name__)  # what was promised to her comes first
        self._destroy_old(overdue=overdue)

    def move_chunk(self) -> int:
        """Re-wrap and re-index up to a thousand people and alerts; returns how many were moved."""
        current = self._keystore.current
        with self._database.write() as unit:
            people = unit.conn.execute(
                select(SurvivorRow.id, SurvivorRow.key_epoch, SurvivorRow.wrapped_key)
                .where(SurvivorRow.key_epoch != current.id, SurvivorRow.wrapped_key.is_not(None))
                .limit(CHUNK)
                .with_for_update()
            ).all()
            for person in people:
                try:
                    with unit.savepoint():
                        self._move_person(unit, current, person.id, person.key_epoch, person.wrapped_key)
                except (CannotOpen, IntegrityError, ValueError) as error:
                    logs.problem("keys.not_moved", table="survivors", error=type(error).__name__)
                    self._move_key_alone(unit, current, SurvivorRow, "survivors", person)
            alerts = unit.conn.execute(
                select(AlertRow.__table__)
                .where(AlertRow.key_epoch != current.id, AlertRow.wrapped_key.is_not(None))
                .limit(CHUNK)
                .with_for_update()
            ).all()
            for alert in alerts:
                try:
                    with unit.savepoint():
                        self._move_alert(unit, current, alert)
                except (CannotOpen, IntegrityError, ValueError) as error:
                    logs.problem("keys.not_moved", table="alerts", error=type(error).__name__)
                    self._move_key_alone(unit, current, AlertRow, "alerts", alert)
            apart = self._move_keys_within(unit, current)
        return len(people) + len(alerts) + apart

    def _move_keys_within(self, unit: Unit, current: Epoch) -> int:
        """Keys of what she may erase alone: re-wrapped without hers, by compare-and-set, and destroyed where they were noted as erased."""
        moved = 0
        for kept in WITHIN:
            table = table_of(kept)
            wanted = select(kept.id, kept.key_epoch, kept.wrapped_key).where(kept.key_epoch != current.id, kept.wrapped_key.is_not(None))
            for row in unit.conn.execute(wanted.limit(CHUNK).with_for_update()).all():
                try:
                    wrapped: bytes | None = rewrap_within(
                        self._keystore, current, epoch=row.key_epoch, wrapped=row.wrapped_key, table=table.name, row=row.id
                    )
                except KeyGone:
                    wrapped = None
                mine = update(kept).where(kept.id == row.id, kept.key_epoch == row.key_epoch)
                unit.conn.execute(mine.values(key_epoch=current.id, wrapped_key=wrapped))
                moved += 1
        return moved

    def _move_person(self, unit: Unit, current: Epoch, survivor_id: str, old: str, wrapped: bytes) -> None:
        mine = update(SurvivorRow).where(SurvivorRow.id == survivor_id, SurvivorRow.key_epoch == old)
        try:
            key = unwrap(self._keystore, epoch=old, wrapped=wrapped, table="survivors", row=survivor_id)
        except KeyGone:
            unit.conn.execute(mine.values(wrapped_key=None))
            return
        unit.conn.execute(mine.values(key_epoch=current.id, wrapped_key=rewrap(key, current, table="survivors", row=survivor_id)))
        contacts = unit.conn.execute(
            select(ContactRow.__table__, ContactRow.index.label("found_by")).where(ContactRow.survivor_id == survivor_id)
        ).all()
        for contact in contacts:
            index = None
            if contact.found_by is not None:
                with contextlib.suppress(CannotOpen):  # a damaged address finds her no longer; the others still do
                    value = key.open(contact.address, table="contacts", column="address", row=contact.id).decode()
                    index = current.index_of(Address(Channel(contact.channel), value).for_index())
            unit.conn.execute(update(ContactRow).where(ContactRow.id == contact.id).values(epoch=current.id, index=index))
        phrases = unit.conn.execute(select(PhraseRow.__table__).where(PhraseRow.survivor_id == survivor_id)).all()
        for phrase in phrases:
            words = key.open(phrase.phrase, table="phrases", column="phrase", row=phrase.id).decode()
            index = current.index_of(f"phrase\x1f{plain(words)}".encode())
            unit.conn.execute(update(PhraseRow).where(PhraseRow.id == phrase.id).values(epoch=current.id, index=index))

        aliased = unit.conn.execute(select(AliasRow.alias).where(AliasRow.survivor_id == survivor_id)).scalar()
        if aliased is not None:
            alias = key.open(aliased, table="aliases", column="alias", row=survivor_id).decode()
            moved = update(AliasRow).where(AliasRow.survivor_id == survivor_id)
            unit.conn.execute(moved.values(epoch=current.id, index=index_of_alias(current, alias)))

    def _move_alert(self, unit: Unit, current: Epoch, alert: Row[Any]) -> None:
        mine = update(AlertRow).where(AlertRow.id == alert.id, AlertRow.key_epoch == alert.key_epoch)
        try:
            key: PersonKey = unwrap(self._keystore, epoch=alert.key_epoch, wrapped=alert.wrapped_key, table="alerts", row=alert.id)
        except KeyGone:
            unit.conn.execute(mine.values(wrapped_key=None, fold_index=None))
            return
        values: dict[str, object] = {"key_epoch": current.id, "wrapped_key": rewrap(key, current, table="alerts", row=alert.id)}
        if alert.address is not None and alert.fold_index is not None:
            channel, _, value = key.open(alert.address, table="alerts", column="address", row=alert.id).decode().partition("\x1f")
            values["fold_index"] = current.index_of(Address(Channel(channel), value).for_index())
        unit.conn.execute(mine.values(values))

    def _move_key_alone(self, unit: Unit, current: Epoch, model: type[SurvivorRow | AlertRow], table: str, row: Any) -> None:
        """One damaged record must not keep every erased key alive: its key moves, what of it can be read stays readable."""
        key = unwrap(self._keystore, epoch=row.key_epoch, wrapped=row.wrapped_key, table=table, row=row.id)
        values = {"key_epoch": current.id, "wrapped_key": rewrap(key, current, table=table, row=row.id)}
        unit.conn.execute(update(model).where(model.id == row.id, model.key_epoch == row.key_epoch).values(values))

    def _destroy_old(self, *, overdue: bool) -> None:
        """An old epoch goes when a day has passed since the turn and no waiting message needs it; a parked one is given up."""
        current = self._keystore.current
        if self._database.clock.now() - current.made < OLD_LIVES:
            return
        for epoch in self._keystore.epochs:
            if epoch.id == current.id:
                continue
            with self._database.read() as conn:
                waits = conn.execute(
                    select(InboxRow.seq).where(InboxRow.epoch == epoch.id, InboxRow.state == Inbox.WAITING.value).limit(1)
                ).first()
                wrapped = [
                    conn.execute(select(kept.id).where(kept.key_epoch == epoch.id, kept.wrapped_key.is_not(None)).limit(1)).first()
                    for kept in (SurvivorRow, AlertRow, *WITHIN)
                ]
            if not any(wrapped) and (waits is None or overdue):
                self._keystore.destroy(epoch.id)
                with self._database.write() as unit:
                    self._audit.record(unit, "keys.destroyed", subject=epoch.id)
                logs.event("keys.destroyed", epoch=epoch.id)
