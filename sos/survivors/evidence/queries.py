"""Reads her evidence with her key: for herself, and for whoever she shares it with. Never without one of the two."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, Row, select

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.encryption import CannotOpen
from sos.keys.keystore import Keystore
from sos.survivors.evidence.chain import Item, read
from sos.survivors.evidence.chunks import join
from sos.survivors.evidence.errors import NoSuchEvidence, NotShared
from sos.survivors.evidence.models import EvidenceChunkRow, EvidenceRow
from sos.survivors.evidence.states import Evidence
from sos.survivors.keys import KeyGone, PersonKey
from sos.survivors.own_keys import unwrap_within


@dataclass(frozen=True, slots=True)
class Shown:
    """One item with its original bytes."""

    item: Item
    body: bytes = field(repr=False)


class EvidenceReading:
    """The looks of this room."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def items(self, conn: Connection, *, survivor_id: str, key: PersonKey) -> list[Item]:
        """Her chain in order. What does not open has no card, so that `chain.broken` names it."""
        wanted = select(EvidenceRow.__table__).where(EvidenceRow.survivor_id == survivor_id, EvidenceRow.n.is_not(None))
        return [self._item(row, key) for row in conn.execute(wanted.order_by(EvidenceRow.n))]

    def body(self, conn: Connection, item_id: str, *, survivor_id: str, key: PersonKey) -> bytes:
        """The original bytes. Raises NoSuchEvidence where it is not hers, was erased, or does not open."""
        row = conn.execute(
            select(EvidenceRow.__table__).where(
                EvidenceRow.id == item_id, EvidenceRow.survivor_id == survivor_id, EvidenceRow.state == Evidence.KEPT.value
            )
        ).one_or_none()
        item = self._item(row, key) if row is not None else None
        if row is None or item is None or item.card is None:
            raise NoSuchEvidence
        chunks = conn.execute(
            select(EvidenceChunkRow.n, EvidenceChunkRow.body).where(EvidenceChunkRow.evidence_id == item_id).order_by(EvidenceChunkRow.n)
        ).all()
        if [chunk.n for chunk in chunks] != list(range(1, row.chunks + 1)):
            raise NoSuchEvidence
        try:
            own = self._own(row, key)
            parts = [own.open(chunk.body, table="evidence_chunks", column="body", row=f"{item_id}.{chunk.n}") for chunk in chunks]
        except (CannotOpen, KeyGone):
            raise NoSuchEvidence from None
        return join(parts, item.card.size)

    def shared(self, conn: Connection, survivor_id: str) -> list[str]:
        """Ids of what she lets the colleagues of this line see."""
        wanted = select(EvidenceRow.id).where(
            EvidenceRow.survivor_id == survivor_id, EvidenceRow.state == Evidence.KEPT.value, EvidenceRow.shared_at.is_not(None)
        )
        return list(conn.execute(wanted.order_by(EvidenceRow.n)).scalars())

    def show(self, unit: Unit, item_id: str, *, survivor_id: str, key: PersonKey, by: str) -> Shown:
        """What she shares, for member `by`; audited in this transaction. Raises NotShared, NoSuchEvidence."""
        if item_id not in self.shared(unit.conn, survivor_id):
            raise NotShared
        body = self.body(unit.conn, item_id, survivor_id=survivor_id, key=key)
        self._audit.record(unit, "evidence.read", subject=item_id, actor=by)
        row = unit.conn.execute(select(EvidenceRow.__table__).where(EvidenceRow.id == item_id)).one()
        return Shown(self._item(row, key), body)

    def _item(self, row: Row[tuple[object, ...]], key: PersonKey) -> Item:
        state = Evidence(row.state)
        if state is Evidence.KEPT:
            try:
                card_bytes = self._own(row, key).open(row.card, table="evidence", column="card", row=row.id)
                return Item(row.id, row.n, state, row.link, read(card_bytes), card_bytes, row.shared_at)
            except (CannotOpen, KeyGone, ValueError, KeyError, TypeError):
                pass
        return Item(row.id, row.n, state, row.link or b"", shared_at=row.shared_at)

    def _own(self, row: Row[tuple[object, ...]], key: PersonKey) -> PersonKey:
        return unwrap_within(self._keystore, key, epoch=row.key_epoch, wrapped=row.wrapped_key, table="evidence", row=row.id)
