"""Writes of the pages table: make, follow, stop. Everything in the unit of work of the act itself, so that an alert and its pages agree.

A page says "Task 12 waits" and how to take it; never what it is about. One way that fails never touches another way or person.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from sos import logs
from sos.alerts.paging import codes
from sos.alerts.paging.models import PageRow
from sos.alerts.paging.pager import Pager
from sos.alerts.paging.states import LIVE, MOVES, UNDER_WAY, By, Page
from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox
from sos.staff.reach.queries import Way

_FOLLOWED = {Outbox.SENT: "send", Outbox.DELIVERED: "deliver", Outbox.FAILED: "fail", Outbox.EXPIRED: "fail"}
_AT_ONCE = 500
_PAGES = table_of(PageRow)
_STANDING = and_(_PAGES.c.channel == By.CONSOLE.value, _PAGES.c.state == Page.DELIVERED.value)
_WAITING = select(_PAGES.c.member_id, _PAGES.c.way_id).where(
    _PAGES.c.alert_id == bindparam("alert"), or_(_PAGES.c.state == Page.QUEUED.value, _STANDING)
)
_INSERT = insert(_PAGES)


@dataclass(frozen=True, slots=True)
class Paged:
    """One page that a code belongs to. `live`: its code still takes the alert."""

    id: str
    alert_id: str
    member_id: str
    live: bool


@dataclass(frozen=True, slots=True)
class News:
    """What the outbox knows and the page does not yet."""

    page_id: str
    alert_id: str
    state: Page
    left: Outbox


class Pages:
    """The pages of all alerts."""

    def __init__(self, keystore: Keystore, audit: Audit, pager: Pager) -> None:
        self._keystore = keystore
        self._audit = audit
        self._pager = pager

    def page(
        self, unit: Unit, *, alert_id: str, number: int, members: Iterable[str], channels: Collection[str], round_: int, length: int
    ) -> int:
        """Page these members by all their ways of these channels at once; how many messages are on their way,
        the console not counted. One broken way blocks nobody.
        """
        made, waiting = 0, self._waiting(unit.conn, alert_id)
        for member_id in dict.fromkeys(members):
            if By.CONSOLE.value in channels and (member_id, None) not in waiting:
                self._insert(unit, alert_id, member_id, None, By.CONSOLE.value, round_)
            for way in self._ways(unit, member_id):
                if way.channel in channels:
                    made += (member_id, way.id) in waiting or self._send(unit, alert_id, number, way, round_, length)
        self._audit.record(unit, "alert.paged", subject=alert_id)
        return made

    def _waiting(self, conn: Connection, alert_id: str) -> frozenset[tuple[str, str | None]]:
        """(member, way) whose last page has not left yet, or stands in the console: a dead gateway must not gather a heap of pages."""
        return frozenset((row.member_id, row.way_id) for row in conn.execute(_WAITING, {"alert": alert_id}))

    def _ways(self, unit: Unit, member_id: str) -> Sequence[Way]:
        """Her ways; one person whose ways cannot be read keeps nobody else from being paged."""
        try:
            return self._pager.ways(unit.conn, member_id)
        except (LookupError, ValueError, ArithmeticError) as error:
            logs.problem("page.failed", error=type(error).__name__)
            return ()

    def _send(self, unit: Unit, alert_id: str, number: int, way: Way, round_: int, length: int) -> int:
        code, page_id = codes.new_code(length), new_id()
        taking = f"TAKE {number}-{code}"
        try:
            with unit.savepoint():
                text = f"Task {number} waits. To take it, answer: {taking}"
                sent = self._pager.send(unit, way, text=text, code=f"{number}-{code}", button=taking)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this way, it is wrong with this one alone
            logs.problem("page.failed", error=type(error).__name__)
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
        unit.conn.execute(_INSERT, values)

    def stop(self, unit: Unit, alert_id: str, *, member_id: str | None = None, into: Page = Page.STOPPED) -> int:
        """End every page (of one member) that has not been claimed and take its message off its way, in this transaction; how many were stopped.

        A message that delivery claimed before this commit may still leave; none is claimed after it.
        """
        live = [state.value for state in LIVE]
        which = and_(PageRow.alert_id == alert_id, PageRow.state.in_(live))
        if member_id is not None:
            which = and_(which, PageRow.member_id == member_id)
        ended = update(PageRow).where(which).values(state=into.value, changed_at=unit.now)
        ids = list(unit.conn.execute(ended.returning(PageRow.outbox_id)).scalars())
        outbox.stop(unit, [outbox_id for outbox_id in ids if outbox_id is not None])
        return len(ids)

    def find(self, conn: Connection, alert_id: str, code: str) -> Paged | None:
        """The page of this alert that has this code, a stopped one too; compares with every page, in constant time each."""
        known = [state.value for state in (*LIVE, Page.STOPPED, Page.CLAIMED)]
        live = select(PageRow.__table__).where(PageRow.alert_id == alert_id, PageRow.state.in_(known), PageRow.code_index.is_not(None))
        key, found = self._keystore.once_key, None
        for row in conn.execute(live):
            if hmac.compare_digest(codes.code_index(key, row.id, code), row.code_index):
                is_live = Page(row.state) in LIVE
                found = Paged(row.id, row.alert_id, row.member_id, live=is_live) if is_live or found is None else found
        return found

    def claimed(self, unit: Unit, page_id: str) -> None:
        """This page's code took the alert; its own message, if it is to be tried once more, goes too."""
        mine = update(PageRow).where(PageRow.id == page_id).values(state=Page.CLAIMED.value, changed_at=unit.now)
        outbox.stop(unit, [one for one in unit.conn.execute(mine.returning(PageRow.outbox_id)).scalars() if one is not None])

    def shown(self, unit: Unit, alert_ids: Collection[str], member_id: str) -> frozenset[str]:
        """The console pages of this member about these alerts are on her screen; returns the alerts they are about."""
        mine = (PageRow.member_id == member_id, PageRow.channel == By.CONSOLE.value, PageRow.alert_id.in_(list(alert_ids)))
        waiting = PageRow.state.in_([state.value for state in UNDER_WAY])
        moved = update(PageRow).where(*mine, waiting).values(state=Page.DELIVERED.value, changed_at=unit.now)
        return frozenset(unit.conn.execute(moved.returning(PageRow.alert_id)).scalars())

    def news(self, conn: Connection, outbox_ids: Collection[str] | None = None) -> list[News]:
        """Pages under way of whose messages more is known than the page says, at most 500."""
        wanted = (
            select(PageRow.id, PageRow.alert_id, PageRow.state, OutboxRow.state.label("left"))
            .join(OutboxRow, OutboxRow.id == PageRow.outbox_id)
            .where(PageRow.state.in_([state.value for state in UNDER_WAY]), OutboxRow.state.in_([state.value for state in _FOLLOWED]))
            .where((OutboxRow.state != Outbox.SENT.value) | (PageRow.state == Page.QUEUED.value))
            .limit(_AT_ONCE)
        )
        if outbox_ids is not None:
            wanted = wanted.where(PageRow.outbox_id.in_(list(outbox_ids)))
        return [News(row.id, row.alert_id, Page(row.state), Outbox(row.left)) for row in conn.execute(wanted)]

    def follow(self, unit: Unit, news: Iterable[News]) -> frozenset[str]:
        """Take over the news; returns the alerts of which a page is now known to be delivered."""
        delivered = set()
        for one in news:
            after = MOVES.after(one.state, _FOLLOWED[one.left])
            same = update(PageRow).where(PageRow.id == one.page_id, PageRow.state == one.state.value)
            moved = unit.conn.execute(same.values(state=after.value, changed_at=unit.now)).rowcount == 1
            if moved and after is Page.DELIVERED:
                delivered.add(one.alert_id)
        return frozenset(delivered)
