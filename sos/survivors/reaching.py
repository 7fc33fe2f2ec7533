"""By which way she can be written to now, and until when: for the banner above what an operator writes. Tells no address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sos.db.base import table_of
from sos.survivors.address import Channel
from sos.survivors.contact_rules.actions import rules_of
from sos.survivors.contact_rules.rules import Rules
from sos.survivors.keys import PersonKey
from sos.survivors.models import ContactRow, SurvivorRow

_CONTACTS = table_of(ContactRow)


@dataclass(frozen=True, slots=True)
class Reachable:
    """Her latest way. `window_until`: her own last message lets answers through until then (it may be over)."""

    channel: Channel
    window_until: datetime
    rules: Rules | None
    now: datetime

    @property
    def may_answer(self) -> bool:
        """Whether an answer leaves now."""
        return self.now <= self.window_until or self.channel is Channel.WEB

    @property
    def may_write_first(self) -> bool:
        """Whether something neutral may leave unasked now."""
        return self.rules is not None and self.rules.allow(self.now, self.channel)


def reachable(conn: Connection, survivor_id: str, key: PersonKey, now: datetime) -> Reachable | None:
    """Her way; None where there is none left, or she hides everything from her device."""
    wanted = (
        select(_CONTACTS.c.channel, _CONTACTS.c.window_until)
        .join(SurvivorRow, SurvivorRow.id == _CONTACTS.c.survivor_id)
        .where(_CONTACTS.c.survivor_id == survivor_id, _CONTACTS.c.index.is_not(None), SurvivorRow.hidden_at.is_(None))
        .order_by(_CONTACTS.c.window_until.desc())
        .limit(1)
    )
    row = conn.execute(wanted).one_or_none()
    return None if row is None else Reachable(Channel(row.channel), row.window_until, rules_of(conn, survivor_id, key), now)
