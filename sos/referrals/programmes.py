"""Whether a record belongs to protection: the hotline has met this person. Only reads; tells nothing of what was said.

Household assistance is never kept on such a record (DOMAIN 42).
"""

from sqlalchemy import Connection, select, union_all

from sos.alerts.models import AlertRow
from sos.conversations.models import MessageRow
from sos.db.base import table_of
from sos.referrals.models import ReferralRow
from sos.referrals.states import Programme

_ALERTS, _MESSAGES, _REFERRALS = table_of(AlertRow), table_of(MessageRow), table_of(ReferralRow)


def in_protection(conn: Connection, survivor_id: str) -> bool:
    """She wrote to the hotline, an alert was raised for her, or she was referred in the protection programme."""
    wrote = select(_MESSAGES.c.id).where(_MESSAGES.c.survivor_id == survivor_id)
    alerted = select(_ALERTS.c.id).where(_ALERTS.c.survivor_id == survivor_id)
    hers = (_REFERRALS.c.survivor_id == survivor_id, _REFERRALS.c.programme == Programme.PROTECTION.value)
    referred = select(_REFERRALS.c.id).where(*hers)
    return conn.execute(union_all(wrote, alerted, referred).limit(1)).first() is not None
