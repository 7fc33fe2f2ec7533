"""Writes of the pages table: make, follow, stop. Everything in the unit of work of the act itself, so that an alert and its pages agree.

A page says "Task 12 waits" and how to take it; never what it is about. One way that fails never touches another way or person.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from sos.alerts.paging import codes
from sos.alerts.paging.models import PageRow
from sos.alerts.paging.pager import Pager, Way
from sos.alerts.paging.states import LIVE, MOVES, UNDER_WAY, By, Page
from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox

_FOLLOWED = {Outbox.SENT: "send", Outbox.DELIVERED: "deliver", Outbox.FAILED: "fail", Outbox.EXPIRED: "fail"}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Paged:
    """One page that a code belongs to."""

    id: str
    alert_id: str
    member_id: str


class Pages:
    """The pages of all alerts."""

    def __init__(self, keystore: Keystore, audit: Audit, pager: Pager) -> None:
        self._keystore = keystore
        self._audit = audit
        self._pager = pager

    def page(
        self, unit: Unit, *, alert_id: str, number: int, members: Iterable[str], channels: Collection[str], round_: int, length: int
    ) -> int:
        """Page these members by all their ways of these channels at once; how many pages were made. One broken way blocks nobody."""
        made = 0
        for member_id in members:
            if By.CONSOLE in channels:
                self._insert(unit, alert_id, member_id, None, By.CONSOLE.value, round_)
                made += 1
            for way in self._ways(unit.conn, member_id):
                if way.channel in channels:
                    made += self._send(unit, alert_id, number, way, round_, length)
        self._audit.record(unit, "alert.paged", subject=alert_id)
        return made

    def _ways(self, conn: Connection, member_id: str) -> Sequence[Way]:
        return self._pager.ways(conn, member_id)

    def _send(self, unit: Unit, alert_id: str, number: int, way: Way, round_: int, length: int) -> int:
        code, page_id = codes.new_code(length), new_id()
        taking = f"TAKE {number}-{code}"
        try:
            with unit.savepoint():
                text = f"Task {number} waits. To take it, answer: {taking}"
                sent = self._pager.send(unit, way, text=text, code=f"{number}-{code}", button=taking)
        except Exception:  # noqa: BLE001 - whatever is wrong with this way, it is wrong with this one alone
            self._insert(unit, alert_id, way.member_id, way.id, way.channel, round_, page_id=page_id, state=Page.FAILED)
            return 0
        self._insert(unit, alert_id, way.member_id, way.id, way.channel, round_, page_id=page_id, code=code, outbox_id=sent)
        return 1

    def _insert(
        self,
        unit: Unit,
        alert_id: str,
        member_id: str,
        way_id: str | None,
        channel: str,
        round_: int,
        *,
        page_id: str | None = None,
        code: str | None = None,
        outbox_id: str | None = None,
        state: Page = Page.QUEUED,
    ) -> None:
        row = page_id or new_id()
        values = {
            "id": row,
            "alert_id": alert_id,
            "member_id": member_id,
            "way_id": way_id,
            "channel": channel,
            "round": round_,
            "code_index": codes.code_index(self._keystore.once_key, row, code) if code else None,
            "outbox_id": outbox_id,
            "state": state.value,
            "made_at": unit.now,
            "changed_at": unit.now,
        }
        unit.conn.execute(insert(PageRow).values(values))

    def stop(self, unit: Unit, alert_id: str, *, into: Page = Page.STOPPED) -> int:
        """End every page that has not been claimed and take its message off its way, in this transaction; how many were stopped.

        A message that delivery claimed before this commit may still leave; none is claimed after it.
        """
        live = [state.value for state in LIVE]
        stopped = unit.conn.execute(
            update(PageRow)
            .where(PageRow.alert_id == alert_id, PageRow.state.in_(live))
            .values(state=into.value, changed_at=unit.now)
            .returning(PageRow.outbox_id)
        ).scalars()
        ids = list(stopped)
        outbox.stop(unit, [outbox_id for outbox_id in ids if outbox_id is not None])
        return len(ids)

    def find(self, conn: Connection, alert_id: str, code: str) -> Paged | None:
        """The page of this alert that has this code; compares with every live page, in constant time each."""
        live = select(PageRow.__table__).where(
            PageRow.alert_id == alert_id, PageRow.state.in_([state.value for state in LIVE]), PageRow.code_index.is_not(None)
        )
        key, found = self._keystore.once_key, None
        for row in conn.execute(live):
            if hmac.compare_digest(codes.code_index(key, row.id, code), row.code_index):
                found = Paged(row.id, row.alert_id, row.member_id)
        return found

    def claimed(self, unit: Unit, page_id: str) -> None:
        """This page's code took the alert."""
        unit.conn.execute(update(PageRow).where(PageRow.id == page_id).values(state=Page.CLAIMED.value, changed_at=unit.now))

    def shown(self, unit: Unit, alert_ids: Collection[str], member_id: str) -> frozenset[str]:
        """The console pages of this member about these alerts are on her screen; returns the alerts they are about."""
        mine = (PageRow.member_id == member_id, PageRow.channel == By.CONSOLE.value, PageRow.alert_id.in_(list(alert_ids)))
        waiting = PageRow.state.in_([state.value for state in UNDER_WAY])
        moved = update(PageRow).where(*mine, waiting).values(state=Page.DELIVERED.value, changed_at=unit.now)
        return frozenset(unit.conn.execute(moved.returning(PageRow.alert_id)).scalars())

    def follow(self, unit: Unit, outbox_ids: Collection[str] | None = None) -> frozenset[str]:
        """Take over what became of the messages of pages under way; returns the alerts of which a page is now known to be delivered."""
        wanted = (
            select(PageRow.id, PageRow.alert_id, PageRow.state, OutboxRow.state.label("left"))
            .join(OutboxRow, OutboxRow.id == PageRow.outbox_id)
            .where(PageRow.state.in_([state.value for state in UNDER_WAY]), OutboxRow.state.in_([state.value for state in _FOLLOWED]))
            .where((OutboxRow.state != Outbox.SENT.value) | (PageRow.state == Page.QUEUED.value))
            .limit(_AT_ONCE)
        )
        if outbox_ids is not None:
            wanted = wanted.where(PageRow.outbox_id.in_(list(outbox_ids)))
        rows = unit.conn.execute(wanted).all()
        moved = [row for row in rows if self._follow(unit, row)]
        return frozenset(row.alert_id for row in moved if row.left == Outbox.DELIVERED.value)

    def _follow(self, unit: Unit, row: Row[Any]) -> bool:
        after = MOVES.after(Page(row.state), _FOLLOWED[Outbox(row.left)])
        same = update(PageRow).where(PageRow.id == row.id, PageRow.state == row.state)
        return unit.conn.execute(same.values(state=after.value, changed_at=unit.now)).rowcount == 1
