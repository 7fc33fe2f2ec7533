"""Who may see a referral now. Every query of this room goes through `visible`: there is no other way to a row.

A bar, a conflict, a consent that ended and a referral that never was look the same: nothing is there.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from sos.alerts.models import AlertBarRow
from sos.db.base import table_of
from sos.encryption import index
from sos.referrals.consents.models import ConsentRow
from sos.referrals.consents.receipts import Recipient
from sos.referrals.consents.states import Consent
from sos.referrals.models import ReferralRow
from sos.referrals.override.models import OverrideRow
from sos.referrals.override.states import Override
from sos.referrals.states import Programme

_REFERRALS, _CONSENTS, _OVERRIDES, _BARS = table_of(ReferralRow), table_of(ConsentRow), table_of(OverrideRow), table_of(AlertBarRow)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a member of the hotline (`agency` None), or of an agency, or a link (no member)."""

    member_id: str
    agency: Recipient | None = field(default=None, repr=False)
    programme: Programme = Programme.PROTECTION


def agency_index(key: bytes, recipient: Recipient) -> bytes:
    """By which an agency's referrals are found: HMAC under the place key."""
    return index(key, f"agency\x1f{recipient.spelt}".encode())


def visible(viewer: Viewer, key: bytes, now: datetime) -> ColumnElement[bool]:
    """The condition on `referrals` under which a row exists for this viewer at this moment."""
    live = exists(
        select(_CONSENTS.c.id).where(
            _CONSENTS.c.id == _REFERRALS.c.consent_id, _CONSENTS.c.state == Consent.LIVE.value, _CONSENTS.c.until > now
        )
    )
    overridden = exists(
        select(_OVERRIDES.c.id).where(
            _OVERRIDES.c.id == _REFERRALS.c.override_id, _OVERRIDES.c.state == Override.APPROVED.value, _OVERRIDES.c.until > now
        )
    )
    barred = exists(select(_BARS.c.id).where(_BARS.c.member_id == viewer.member_id, _BARS.c.survivor_id == _REFERRALS.c.survivor_id))
    conditions = [or_(live, overridden), ~barred, _REFERRALS.c.programme == viewer.programme.value, _REFERRALS.c.state != "withdrawn"]
    if viewer.agency is not None:
        conditions.append(_REFERRALS.c.agency == agency_index(key, viewer.agency))
    return and_(*conditions)
