"""Reads referrals through the consent that lives now. Every read asks anew, is audited, and shows consented fields only."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.referrals.access import Viewer, agency_index, visible
from sos.referrals.consents.actions import Consents
from sos.referrals.consents.receipts import Recipient
from sos.referrals.consents.states import Field
from sos.referrals.models import ReferralEventRow, ReferralRow
from sos.referrals.override.models import OverrideRow
from sos.referrals.states import Referral
from sos.survivors.actions import Survivors
from sos.survivors.keys import KeyGone, PersonKey

_REFERRALS, _EVENTS, _OVERRIDES = table_of(ReferralRow), table_of(ReferralEventRow), table_of(OverrideRow)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: no field of hers."""

    id: str
    number: str
    state: Referral
    made_at: datetime
    state_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """One referral as this viewer may read it now. `fields` holds only what the consent names."""

    item: Item
    survivor_id: str
    fields: Mapping[Field, str] = field(repr=False)
    until: datetime | None = None
    recipient: Recipient | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class _May:
    """What may be read of one referral now."""

    fields: frozenset[Field]
    until: datetime
    recipient: Recipient = field(repr=False)


class Reading:
    """The reads of this room."""

    def __init__(self, place_key: Callable[[], bytes], survivors: Survivors, consents: Consents, audit: Audit) -> None:
        self._place_key = place_key
        self._survivors = survivors
        self._consents = consents
        self._audit = audit

    def items(self, conn: Connection, viewer: Viewer, now: datetime, *, survivor_id: str | None = None) -> list[Item]:
        """What exists for this viewer now, newest first."""
        wanted = select(_REFERRALS).where(visible(viewer, self._place_key(), now))
        if survivor_id is not None:
            wanted = wanted.where(_REFERRALS.c.survivor_id == survivor_id)
        return [_item(row) for row in conn.execute(wanted.order_by(_REFERRALS.c.made_at.desc(), _REFERRALS.c.id))]

    def count(self, conn: Connection, viewer: Viewer, now: datetime) -> int:
        """How many; counted through the same condition as the list."""
        wanted = select(func.count()).select_from(_REFERRALS).where(visible(viewer, self._place_key(), now))
        return int(conn.execute(wanted).scalar_one())

    def by_number(self, conn: Connection, viewer: Viewer, now: datetime, number: str) -> Item | None:
        """Search by the spoken number."""
        wanted = select(_REFERRALS).where(_REFERRALS.c.number == number.strip().upper(), visible(viewer, self._place_key(), now))
        row = conn.execute(wanted).one_or_none()
        return _item(row) if row else None

    def open(self, unit: Unit, referral_id: str, viewer: Viewer, *, audited: bool = True) -> Shown | None:
        """What may be read now; None when there is nothing for this viewer. Audited in this transaction, unless nothing of it is shown."""
        row = self._row(unit, referral_id, viewer)
        if row is None or row.body is None:
            return None
        try:
            key = self._survivors.key_of(unit, row.survivor_id)
            may = self._may(unit, row, key)
        except KeyGone:
            return None
        if may is None:
            return None
        plain = json.loads(key.open(row.body, table="referrals", column="body", row=row.id))
        fields = {Field(name): text for name, text in plain.items() if Field(name) in may.fields}
        if audited:
            self._audit.record(unit, "referral.read", subject=row.id, actor=viewer.member_id)
        return Shown(_item(row), row.survivor_id, fields, may.until, may.recipient)

    def recipient(self, unit: Unit, referral_id: str, viewer: Viewer) -> Recipient | None:
        """To whom it went, as the consent that lives now (or the override) says."""
        row = self._row(unit, referral_id, viewer)
        try:
            may = self._may(unit, row, self._survivors.key_of(unit, row.survivor_id)) if row is not None else None
        except KeyGone:
            return None
        return may.recipient if may else None

    def words(self, unit: Unit, referral_id: str, viewer: Viewer) -> list[tuple[str, str]]:
        """(kind, text) of what was written about it: feedback, her word, a legal note. For the hotline only."""
        row = self._row(unit, referral_id, viewer)
        if row is None or viewer.agency is not None:
            return []
        try:
            key = self._survivors.key_of(unit, row.survivor_id)
        except KeyGone:
            return []
        wanted = select(_EVENTS).where(_EVENTS.c.referral_id == row.id, _EVENTS.c.body.is_not(None)).order_by(_EVENTS.c.seq)
        return [
            (one.kind, key.open(one.body, table="referral_events", column="body", row=one.id).decode()) for one in unit.conn.execute(wanted)
        ]

    def _row(self, unit: Unit, referral_id: str, viewer: Viewer) -> Row[Any] | None:
        wanted = select(_REFERRALS).where(_REFERRALS.c.id == referral_id, visible(viewer, self._place_key(), unit.now))
        return unit.conn.execute(wanted).one_or_none()

    def _may(self, unit: Unit, row: Row[Any], key: PersonKey) -> _May | None:
        if row.consent_id is None:
            return self._overridden(unit, row, key)
        for receipt in self._consents.of(unit, row.survivor_id):
            same_agency = agency_index(self._place_key(), receipt.recipient) == row.agency
            if receipt.id == row.consent_id and same_agency and receipt.opens(unit.now):
                return _May(receipt.fields, receipt.until, receipt.recipient)
        return None

    def _overridden(self, unit: Unit, row: Row[Any], key: PersonKey) -> _May | None:
        """What two persons chose to send, and nothing that they did not."""
        of = unit.conn.execute(select(_OVERRIDES.c.body, _OVERRIDES.c.until).where(_OVERRIDES.c.id == row.override_id)).one_or_none()
        if of is None or of.body is None:
            return None
        plain = json.loads(key.open(of.body, table="overrides", column="body", row=row.override_id))
        return _May(frozenset(Field(name) for name in plain["values"]), of.until, Recipient(*plain["to"]))


def _item(row: Row[Any]) -> Item:
    return Item(row.id, row.number, Referral(row.state), row.made_at, row.state_at)
