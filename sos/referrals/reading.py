"""Reads referrals through the consent that lives now. Every read asks anew, is audited, and shows consented fields only."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.referrals.access import Viewer, agency_index, visible
from sos.referrals.consents.actions import Consents
from sos.referrals.consents.states import Field
from sos.referrals.models import ReferralRow
from sos.referrals.states import Referral
from sos.survivors.actions import Survivors
from sos.survivors.keys import KeyGone

_REFERRALS = table_of(ReferralRow)


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

    def open(self, unit: Unit, referral_id: str, viewer: Viewer) -> Shown | None:
        """What may be read now; None when there is nothing for this viewer. Audited in this transaction."""
        wanted = select(_REFERRALS).where(_REFERRALS.c.id == referral_id, visible(viewer, self._place_key(), unit.now))
        row = unit.conn.execute(wanted).one_or_none()
        if row is None or row.body is None:
            return None
        try:
            key = self._survivors.key_of(unit, row.survivor_id)
            allowed, until = self._allowed(unit, row.survivor_id, row.consent_id, row.agency)
        except KeyGone:
            return None
        plain = json.loads(key.open(row.body, table="referrals", column="body", row=row.id))
        fields = {Field(name): text for name, text in plain.items() if Field(name) in allowed}
        self._audit.record(unit, "referral.read", subject=row.id, actor=viewer.member_id)
        return Shown(_item(row), row.survivor_id, fields, until)

    def _allowed(self, unit: Unit, survivor_id: str, consent_id: str | None, agency: bytes) -> tuple[frozenset[Field], datetime | None]:
        if consent_id is None:
            return frozenset(Field), None  # an override: what two persons chose to send
        for receipt in self._consents.of(unit, survivor_id):
            same_agency = agency_index(self._place_key(), receipt.recipient) == agency
            if receipt.id == consent_id and same_agency and receipt.opens(unit.now):
                return receipt.fields, receipt.until
        return frozenset(), None


def _item(row: object) -> Item:
    return Item(row.id, row.number, Referral(row.state), row.made_at, row.state_at)  # type: ignore[attr-defined]
