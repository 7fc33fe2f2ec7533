"""Drops what is over: receipts and referrals a year after their end, links after 30 days. Never touches what is open."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from sos.db.base import table_of
from sos.db.database import Unit
from sos.referrals.consents.models import ConsentRow
from sos.referrals.models import ReferralEventRow, ReferralRow
from sos.referrals.outside.models import OutsideLinkRow
from sos.referrals.states import MOVES, Referral

YEAR: Final = timedelta(days=365)
LINKS: Final = timedelta(days=30)
_FINAL: Final = [state.value for state in Referral if not MOVES.moves[state]]
_CONSENTS, _REFERRALS, _EVENTS, _LINKS = (table_of(row) for row in (ConsentRow, ReferralRow, ReferralEventRow, OutsideLinkRow))


def forget_old(unit: Unit) -> None:
    """What ended long ago goes."""
    over = (_REFERRALS.c.state.in_(_FINAL), _REFERRALS.c.state_at < unit.now - YEAR)
    unit.conn.execute(delete(_EVENTS).where(_EVENTS.c.referral_id.in_(select(_REFERRALS.c.id).where(*over))))
    unit.conn.execute(delete(_REFERRALS).where(*over))
    unit.conn.execute(delete(_CONSENTS).where(_CONSENTS.c.ended_at < unit.now - YEAR))
    unit.conn.execute(delete(_LINKS).where(_LINKS.c.until < unit.now - LINKS))
