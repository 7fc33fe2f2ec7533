"""Keep, fetch, share and erase her evidence. Only ever at her wish: nothing here is called before she was asked and said yes.

The original bytes stay as they came, with whatever a picture tells of place and device, because evidence that was changed is none; she is told so.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.keys.keystore import Keystore
from sos.survivors.evidence.chain import START, Card, Item, next_link, written
from sos.survivors.evidence.chunks import split
from sos.survivors.evidence.errors import NoSuchEvidence, TooLarge
from sos.survivors.evidence.models import EvidenceChunkRow, EvidenceRow
from sos.survivors.evidence.states import MOST_BYTES, Evidence, Medium
from sos.survivors.keys import PersonKey
from sos.survivors.own_keys import fresh_within, unwrap_within

_CHUNKS = insert(table_of(EvidenceChunkRow))
LEASE: Final = timedelta(seconds=60)
"""How long one worker has for fetching one file; then another may."""
TRIES: Final = 5
UNFETCHED: Final = timedelta(hours=1)
"""After so long a file that could not be fetched is given up: Telegram promises its addresses for an hour."""


@dataclass(frozen=True, slots=True)
class Original:
    """What she wants kept, as it came. `name`: the file's own, empty where it has none."""

    medium: Medium
    body: bytes = field(repr=False)
    channel: str
    received_at: datetime
    sent_at: datetime | None = None
    name: str = field(repr=False, default="")
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of hers that lies with her channel's provider. `size`: as announced, None where it says nothing."""

    medium: Medium
    reference: str = field(repr=False)
    contact_id: str
    channel: str
    received_at: datetime
    sent_at: datetime | None = None
    name: str = field(repr=False, default="")
    media_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A file to fetch now."""

    id: str
    survivor_id: str
    attempt: int


class EvidenceBook:
    """The writes of this room. `survivor_id` and `key` are hers, opened in this unit, so that her row is locked."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def keep(self, unit: Unit, original: Original, *, survivor_id: str, key: PersonKey) -> Item:
        """Seal it as the next of her chain. Raises TooLarge."""
        if len(original.body) > MOST_BYTES:
            raise TooLarge
        row, epoch = new_id(), self._keystore.current
        own, wrapped = fresh_within(epoch, key, table="evidence", row=row)
        unit.conn.execute(
            insert(EvidenceRow).values(
                id=row,
                survivor_id=survivor_id,
                state=Evidence.WANTED.value,
                chunks=0,
                key_epoch=epoch.id,
                wrapped_key=wrapped,
                asked_at=unit.now,
                attempts=0,
                not_before=unit.now,
            )
        )
        return self._seal(unit, row, own, original, survivor_id)

    def _seal(self, unit: Unit, row: str, own: PersonKey, original: Original, survivor_id: str) -> Item:
        before, n = self._last(unit, survivor_id)
        card = Card(
            n=n,
            medium=original.medium,
            name=original.name,
            media_type=original.media_type,
            size=len(original.body),
            sha256=hashlib.sha256(original.body).hexdigest(),
            channel=original.channel,
            sent_at=original.sent_at,
            received_at=original.received_at,
            kept_at=unit.now,
        )
        card_bytes = written(card)
        link, parts = next_link(before, card_bytes), split(original.body)
        values = {
            "n": n,
            "link": link,
            "chunks": len(parts),
            "card": own.seal(card_bytes, table="evidence", column="card", row=row),
            "state": Evidence.KEPT.value,
        }
        move(unit.conn, update(EvidenceRow).where(EvidenceRow.id == row, EvidenceRow.state == Evidence.WANTED.value).values(values))
        sealed = [
            {"evidence_id": row, "n": place, "body": own.seal(part, table="evidence_chunks", column="body", row=f"{row}.{place}")}
            for place, part in enumerate(parts, 1)
        ]
        unit.conn.execute(_CHUNKS, sealed)
        self._audit.record(unit, "evidence.kept", subject=link.hex(), actor="survivor")
        return Item(row, n, Evidence.KEPT, link, card, card_bytes)

    def _last(self, unit: Unit, survivor_id: str) -> tuple[bytes, int]:
        """The link that the next one follows, and the next number."""
        wanted = select(EvidenceRow.n, EvidenceRow.link).where(EvidenceRow.survivor_id == survivor_id, EvidenceRow.n.is_not(None))
        last = unit.conn.execute(wanted.order_by(EvidenceRow.n.desc()).limit(1)).one_or_none()
        return (last.link, last.n + 1) if last else (START, 1)

    def want(self, unit: Unit, wanted: Wanted, *, survivor_id: str, key: PersonKey) -> str:
        """Have a file fetched and kept; returns its id. Raises TooLarge where it is announced so."""
        if wanted.size is not None and wanted.size > MOST_BYTES:
            raise TooLarge
        row, epoch = new_id(), self._keystore.current
        own, wrapped = fresh_within(epoch, key, table="evidence", row=row)
        unit.conn.execute(
            insert(EvidenceRow).values(
                id=row,
                survivor_id=survivor_id,
                state=Evidence.WANTED.value,
                chunks=0,
                card=own.seal(_wanted_bytes(wanted), table="evidence", column="card", row=row),
                key_epoch=epoch.id,
                wrapped_key=wrapped,
                asked_at=unit.now,
                attempts=0,
                not_before=unit.now,
            )
        )
        return row

    def claim(self, unit: Unit, *, limit: int = 5) -> list[Due]:
        """Files to fetch now; the attempt counts before it is made."""
        due = (
            select(EvidenceRow.id, EvidenceRow.survivor_id, EvidenceRow.attempts)
            .where(EvidenceRow.state == Evidence.WANTED.value, EvidenceRow.not_before <= unit.now)
            .order_by(EvidenceRow.not_before)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = [Due(row.id, row.survivor_id, row.attempts + 1) for row in unit.conn.execute(due)]
        for one in found:
            claimed = update(EvidenceRow).where(EvidenceRow.id == one.id)
            unit.conn.execute(claimed.values(attempts=one.attempt, not_before=unit.now + LEASE))
        return found

    def wanted(self, unit: Unit, due: Due, *, key: PersonKey) -> Wanted:
        """What is to be fetched. Raises NoSuchEvidence, KeyGone, CannotOpen."""
        return _wanted(
            self._own_key(unit, due.id, due.survivor_id, key).open(self._card(unit, due), table="evidence", column="card", row=due.id)
        )

    def _card(self, unit: Unit, due: Due) -> bytes:
        kept: bytes | None = unit.conn.execute(
            select(EvidenceRow.card).where(EvidenceRow.id == due.id, EvidenceRow.state == Evidence.WANTED.value)
        ).scalar()
        if kept is None:
            raise NoSuchEvidence
        return kept

    def fetched(self, unit: Unit, due: Due, original: Original, *, key: PersonKey) -> Item:
        """It came: seal it. Raises TooLarge, NoSuchEvidence, AlreadyMoved, KeyGone."""
        if len(original.body) > MOST_BYTES:
            raise TooLarge
        return self._seal(unit, due.id, self._own_key(unit, due.id, due.survivor_id, key), original, due.survivor_id)

    def give_up(self, unit: Unit, evidence_id: str) -> bool:
        """It cannot be fetched: forget that it was asked for."""
        gone = delete(EvidenceRow).where(EvidenceRow.id == evidence_id, EvidenceRow.state == Evidence.WANTED.value)
        self._keystore.note_erased(evidence_id)
        return unit.conn.execute(gone).rowcount == 1

    def share(self, unit: Unit, evidence_id: str, *, survivor_id: str) -> None:
        """From now on the colleagues of this line may see it. Raises NoSuchEvidence."""
        self._set_shared(unit, evidence_id, survivor_id, unit.now)
        self._audit.record(unit, "evidence.shared", subject=evidence_id, actor="survivor")

    def unshare(self, unit: Unit, evidence_id: str, *, survivor_id: str) -> None:
        """Nobody may see it any more. Raises NoSuchEvidence."""
        self._set_shared(unit, evidence_id, survivor_id, None)
        self._audit.record(unit, "evidence.unshared", subject=evidence_id, actor="survivor")

    def _set_shared(self, unit: Unit, evidence_id: str, survivor_id: str, at: datetime | None) -> None:
        hers = update(EvidenceRow).where(
            EvidenceRow.id == evidence_id, EvidenceRow.survivor_id == survivor_id, EvidenceRow.state == Evidence.KEPT.value
        )
        if unit.conn.execute(hers.values(shared_at=at)).rowcount != 1:
            raise NoSuchEvidence

    def erase(self, unit: Unit, evidence_id: str, *, survivor_id: str) -> None:
        """Destroy one item: key and bytes; its number and link stay. Raises NoSuchEvidence."""
        hers = update(EvidenceRow).where(
            EvidenceRow.id == evidence_id, EvidenceRow.survivor_id == survivor_id, EvidenceRow.state == Evidence.KEPT.value
        )
        if unit.conn.execute(hers.values(state=Evidence.ERASED.value, card=None, wrapped_key=None, shared_at=None)).rowcount != 1:
            raise NoSuchEvidence
        unit.conn.execute(delete(EvidenceChunkRow).where(EvidenceChunkRow.evidence_id == evidence_id))
        self._keystore.note_erased(evidence_id)
        self._audit.record(unit, "evidence.erased", subject=evidence_id, actor="survivor")

    def erase_all(self, unit: Unit, *, survivor_id: str) -> None:
        """Destroy all of it, the chain too."""
        for row in unit.conn.execute(select(EvidenceRow.id).where(EvidenceRow.survivor_id == survivor_id)).scalars().all():
            self._keystore.note_erased(row)
        forget_person(unit, survivor_id)
        self._audit.record(unit, "evidence.all_erased", subject=survivor_id, actor="survivor")

    def note_taken_along(self, unit: Unit, *, survivor_id: str) -> None:
        """She took all of it along: noted, so that an export by somebody else would show."""
        self._audit.record(unit, "evidence.taken_along", subject=survivor_id, actor="survivor")

    def _own_key(self, unit: Unit, evidence_id: str, survivor_id: str, key: PersonKey) -> PersonKey:
        wanted = select(EvidenceRow.key_epoch, EvidenceRow.wrapped_key)
        row = unit.conn.execute(wanted.where(EvidenceRow.id == evidence_id, EvidenceRow.survivor_id == survivor_id)).one_or_none()
        if row is None:
            raise NoSuchEvidence
        return unwrap_within(self._keystore, key, epoch=row.key_epoch, wrapped=row.wrapped_key, table="evidence", row=evidence_id)


def forget_person(unit: Unit, survivor_id: str) -> None:
    """Remove all of it; it is unreadable anyway once her key is destroyed."""
    hers = select(EvidenceRow.id).where(EvidenceRow.survivor_id == survivor_id)
    unit.conn.execute(delete(EvidenceChunkRow).where(EvidenceChunkRow.evidence_id.in_(hers)))
    unit.conn.execute(delete(EvidenceRow).where(EvidenceRow.survivor_id == survivor_id))


def forget_wanted(unit: Unit, survivor_id: str) -> None:
    """She asked for erasure: nothing more is fetched."""
    hers = delete(EvidenceRow).where(EvidenceRow.survivor_id == survivor_id, EvidenceRow.state == Evidence.WANTED.value)
    unit.conn.execute(hers)


def forget_unfetched(unit: Unit) -> int:
    """Drop what could not be fetched in its time."""
    old = delete(EvidenceRow).where(EvidenceRow.state == Evidence.WANTED.value, EvidenceRow.asked_at < unit.now - 2 * UNFETCHED)
    return unit.conn.execute(old).rowcount


def count(unit: Unit, survivor_id: str) -> int:
    """How many items she keeps."""
    wanted = select(func.count()).where(EvidenceRow.survivor_id == survivor_id, EvidenceRow.state == Evidence.KEPT.value)
    return unit.conn.execute(wanted).scalar_one()


def _wanted_bytes(wanted: Wanted) -> bytes:
    content = {
        "medium": wanted.medium.value,
        "reference": wanted.reference,
        "contact_id": wanted.contact_id,
        "channel": wanted.channel,
        "received_at": wanted.received_at.isoformat(),
        "sent_at": wanted.sent_at.isoformat() if wanted.sent_at else None,
        "name": wanted.name,
        "media_type": wanted.media_type,
        "size": wanted.size,
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _wanted(stored: bytes) -> Wanted:
    content = json.loads(stored)
    content["medium"] = Medium(content["medium"])
    content["received_at"] = datetime.fromisoformat(content["received_at"])
    content["sent_at"] = datetime.fromisoformat(content["sent_at"]) if content["sent_at"] else None
    return Wanted(**content)
