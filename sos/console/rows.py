"""The queue as rows: alerts by urgency and waiting, then tasks whose time has come. Holds numbers, kinds and times; no word of hers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sos.alerts import bars
from sos.alerts import queries as alerts
from sos.alerts.states import UNTAKEN, Alert
from sos.console import words
from sos.staff import queries as tasks
from sos.staff.members import queries as members


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `key`: the same for as long as it waits; `shape`: of its urgency; `mine`: the viewer has it."""

    key: str
    number: int
    href: str
    title: str
    shape: str
    urgency: str
    state: str
    since: datetime
    times: int
    who: str
    mine: bool
    untaken: bool
    is_sos: bool
    nuisance: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """All of it for one viewer. `mark` changes when anything that is shown does, times aside."""

    rows: tuple[Row, ...]
    mark: str

    @property
    def untaken(self) -> tuple[Row, ...]:
        """SOS that nobody has taken, in their order."""
        return tuple(row for row in self.rows if row.is_sos and row.untaken)


def queue(conn: Connection, viewer: str, now: datetime) -> Queue:
    """What waits, as this member may see it."""
    open_alerts = alerts.waiting(conn, viewer=viewer, now=now)
    open_tasks = tasks.waiting(conn, now=now, barred=bars.survivors(conn, viewer))
    holders = {one.taken_by for one in open_alerts} | {one.taken_by for one in open_tasks}
    aliases = aliases_of(conn) if holders - {None} else {}
    rows = (
        *(_alert(one, viewer, aliases) for one in open_alerts),
        *(_task(one, viewer, aliases) for one in _by_weight(open_tasks)),
    )
    said = repr([(row.key, row.state, row.urgency, row.who, row.times, row.nuisance) for row in rows])
    return Queue(rows, hashlib.blake2b(said.encode(), digest_size=8).hexdigest())


def aliases_of(conn: Connection) -> dict[str, str]:
    """Member's id -> what colleagues call her."""
    return {member.id: member.alias for member in members.everyone(conn)}


def _alert(one: alerts.Waiting, viewer: str, aliases: Mapping[str, str]) -> Row:
    state = Alert(one.state)
    return Row(
        key=f"sos-{one.number}",
        number=one.number,
        href=f"/staff/alerts/{one.number}",
        title=f"SOS {one.number}",
        shape=one.urgency.value,
        urgency=words.of(words.URGENCIES, str(one.urgency)),
        state=words.of(words.STATES, state.value),
        since=one.raised_at,
        times=one.count,
        who=_who(one.taken_by, viewer, aliases) if state not in UNTAKEN else "",
        mine=one.taken_by == viewer and state not in UNTAKEN,
        untaken=state in UNTAKEN or state is Alert.HANDED_OVER,
        is_sos=True,
        nuisance=bool(one.nuisance),
    )


def _task(one: tasks.Waiting, viewer: str, aliases: Mapping[str, str]) -> Row:
    return Row(
        key=f"task-{one.number}",
        number=one.number,
        href=f"/staff/tasks/{one.number}",
        title=f"Task {one.number}",
        shape="task",
        urgency=words.of(words.TASKS, str(one.kind)),
        state="taken" if one.taken_by else "nobody has taken it",
        since=one.since,
        times=one.times,
        who=_who(one.taken_by, viewer, aliases),
        mine=one.taken_by == viewer,
        untaken=one.taken_by is None,
        is_sos=False,
    )


def _who(member_id: str | None, viewer: str, aliases: Mapping[str, str]) -> str:
    if member_id is None:
        return ""
    return "you" if member_id == viewer else aliases.get(member_id, "a colleague")


def _by_weight(open_tasks: Sequence[tasks.Waiting]) -> list[tasks.Waiting]:
    order = {kind: n for n, kind in enumerate(words.FIRST_TASKS)}
    return sorted(open_tasks, key=lambda one: order.get(str(one.kind), len(order)))


def held_alerts(conn: Connection, member_id: str, now: datetime) -> int:
    """How many open alerts this member has."""
    return len(alerts.held_by(conn, member_id, now))
