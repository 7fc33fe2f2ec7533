"""Who may see a referral now. Every query of this room goes through `visible`: there is no other way to a row.

A bar, a conflict, a consent that ended and a referral that never was look the same: nothing is there.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from sos.alerts import bars
from sos.db.base import table_of
from sos.encryption import index
from sos.referrals.consents.models import ConsentRow
from sos.referrals.consents.receipts import Recipient
from sos.referrals.consents.states import Consent
from sos.referrals.models import AgencyBarRow, ReferralRow
from sos.referrals.override.models import OverrideRow
from sos.referrals.override.states import Override
from sos.referrals.states import Programme, Referral

_REFERRALS, _CONSENTS, _OVERRIDES, _BARRED = table_of(ReferralRow), table_of(ConsentRow), table_of(OverrideRow), table_of(AgencyBarRow)


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
    conditions = [
        or_(live, overridden),
        ~bars.hides(viewer.member_id, _REFERRALS.c.survivor_id),
        _REFERRALS.c.programme == viewer.programme.value,
        _REFERRALS.c.state != Referral.WITHDRAWN.value,
    ]
    if viewer.agency is not None:
        about = agency_index(key, viewer.agency)
        shut_out = exists(select(_BARRED.c.id).where(_BARRED.c.agency == about, _BARRED.c.survivor_id == _REFERRALS.c.survivor_id))
        conditions += [_REFERRALS.c.agency == about, ~shut_out]
    return and_(*conditions)
