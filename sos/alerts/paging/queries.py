"""Reads of the pages: which ways are dead now, so that a person looks; never a reason to leave somebody out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from sos.alerts.paging.models import PageRow
from sos.alerts.paging.states import Page

IN_A_ROW: Final = 3
STUCK: Final = timedelta(minutes=2)
_LOOKED_AT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DeadWay:
    """A way by which the last pages did not arrive. `since`: the first of those."""

    way_id: str
    member_id: str
    channel: str
    since: datetime


def dead_ways(conn: Connection, now: datetime) -> list[DeadWay]:
    """Ways whose last three pages all failed, or whose last page has not left for two minutes."""
    place = func.row_number().over(partition_by=PageRow.way_id, order_by=PageRow.seq.desc()).label("place")
    recent = (
        select(PageRow.way_id, PageRow.member_id, PageRow.channel, PageRow.state, PageRow.made_at, place)
        .where(PageRow.way_id.is_not(None), PageRow.made_at > now - _LOOKED_AT)
        .where(PageRow.state.not_in([Page.STOPPED.value, Page.EXPIRED.value]))
        .subquery()
    )
    rows: dict[str, list[tuple[str, str, str, datetime]]] = {}
    for row in conn.execute(select(recent).where(recent.c.place <= IN_A_ROW).order_by(recent.c.way_id, recent.c.place)):
        rows.setdefault(row.way_id, []).append((row.member_id, row.channel, row.state, row.made_at))
    return [DeadWay(way, pages[0][0], pages[0][1], pages[-1][3]) for way, pages in rows.items() if _is_dead(pages, now)]


def _is_dead(pages: list[tuple[str, str, str, datetime]], now: datetime) -> bool:
    _, _, last, made_at = pages[0]
    if last == Page.QUEUED.value:
        return now - made_at > STUCK
    return len(pages) >= IN_A_ROW and all(state == Page.FAILED.value for _, _, state, _ in pages)
