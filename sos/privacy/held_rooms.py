"""Whether a room is kept for her: from her alerts and referrals to holds, never from a hold to her. Tells yes or no: neither where nor which."""

from sqlalchemy import Connection, select

from sos.alerts.models import AlertRow
from sos.db.base import table_of
from sos.referrals.models import ReferralRow
from sos.shelters.asks.queries import rounds_of
from sos.shelters.holds.cases import opaque
from sos.shelters.holds.queries import is_open_for

_ALERTS, _REFERRALS = table_of(AlertRow), table_of(ReferralRow)


def is_room_held(conn: Connection, key: bytes, survivor_id: str) -> bool:
    """Whether any hold for her is open, whoever made it: by hand for a case, or by a shelter's yes to an ask. `key`: of hidden places.

    Cases that are closed count too: a room is often kept beyond the talk that found it.
    """
    cases = [survivor_id]
    for table in (_ALERTS, _REFERRALS):
        cases += conn.execute(select(table.c.id).where(table.c.survivor_id == survivor_id)).scalars()
    refs = {opaque(key, case) for case in cases}
    for case in cases:
        refs |= {ask.id for one in rounds_of(conn, key, case) for ask in one.asks}
    return is_open_for(conn, refs)
