"""Her number with her rule for calls, for a person who calls her back. The program never calls, and no number is shown without the rule beside it.

Opened for one unit of work; shown by no repr. Who has barred calls, or said nothing of them, is not called unless her SOS is open.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from sos.db.base import table_of
from sos.encryption import CannotOpen
from sos.survivors.address import Channel
from sos.survivors.contact_rules.actions import rules_of
from sos.survivors.contact_rules.rules import Calls
from sos.survivors.keys import PersonKey
from sos.survivors.models import ContactRow, SurvivorRow

_CONTACTS = table_of(ContactRow)


@dataclass(frozen=True, slots=True)
class CallBack:
    """How she may be called. `value`: empty where no number is known, or calls are barred; `said`: None where she said nothing of calls."""

    value: str = field(repr=False)
    known: bool
    said: Calls | None
    hours_now: bool  #: these are hours that she allowed


def calling(conn: Connection, survivor_id: str, key: PersonKey, now: datetime, *, sos_open: bool) -> CallBack:
    """Her latest number that is still hers, where it may be shown."""
    rules = rules_of(conn, survivor_id, key)
    found = _number(conn, survivor_id, key)
    may = sos_open or (rules is not None and rules.calls is not Calls.NEVER)
    return CallBack(
        found if may else "",
        known=bool(found),
        said=rules.calls if rules else None,
        hours_now=rules is not None and rules.allow(now, Channel.SMS),
    )


def _number(conn: Connection, survivor_id: str, key: PersonKey) -> str:
    wanted = (
        select(_CONTACTS.c.id, _CONTACTS.c.address)
        .join(SurvivorRow, SurvivorRow.id == _CONTACTS.c.survivor_id)
        .where(_CONTACTS.c.survivor_id == survivor_id, _CONTACTS.c.index.is_not(None), SurvivorRow.hidden_at.is_(None))
        .where(_CONTACTS.c.channel == Channel.SMS.value)
        .order_by(_CONTACTS.c.window_until.desc(), _CONTACTS.c.id)
    )
    for row in conn.execute(wanted):
        try:
            return key.open(row.address, table="contacts", column="address", row=row.id).decode()
        except CannotOpen:
            continue
    return ""
