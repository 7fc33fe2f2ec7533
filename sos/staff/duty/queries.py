"""Who is on duty, who will be, and when nobody is. Reads only; counts only who may answer an alert; never counts a shift that was forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from sos.staff.duty import rota
from sos.staff.duty.models import ChangeRow, FeedRow, ShiftRow, TurnRow
from sos.staff.duty.rota import Absence, Occurrence, Span, Swap, Turn
from sos.staff.duty.states import ChangeKind, TurnKind
from sos.staff.members.queries import Member, members
from sos.staff.members.states import Role
from sos.staff.reach import queries as reach
from sos.staff.sign_in import sessions

STANDS = timedelta(hours=12)
"""So long a shift counts after its last click, where nothing else was said: who forgot to end it must not be promised to anybody."""
AT_THE_SCREEN = timedelta(seconds=100)
"""So long a browser counts after it last asked for the pulse; one that stands behind others is let ask once a minute."""
AHEAD = timedelta(days=28)
_ANSWERING = frozenset({Role.OPERATOR, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody with a started shift."""

    member_id: str
    alias: str
    roles: frozenset[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift. `seen_at`: when she last said that she is here; `stands_until`: the latest moment for which it counts."""

    id: str
    member_id: str
    started_at: datetime
    seen_at: datetime
    stands_until: datetime
    until: datetime | None


def on_duty(conn: Connection, now: datetime) -> list[OnDuty]:
    """Everybody at work who may answer an alert, longest first."""
    who = _answering(conn)
    shifts = [shift for shift in open_shifts(conn) if shift.member_id in who and shift.started_at <= now < shift.stands_until]
    return [
        OnDuty(shift.member_id, who[shift.member_id].alias, frozenset(role.value for role in who[shift.member_id].roles), shift.started_at)
        for shift in shifts
    ]


def in_reach(conn: Connection, now: datetime) -> list[OnDuty]:
    """Those on duty whom an SOS reaches now: a browser of hers asks for the pulse, or a verified number or chat of hers works. Whoever closed the
    lid and has no telephone here is on duty in the rota only: whoever writes must not be told that a colleague is being told.
    """
    since = now - AT_THE_SCREEN
    found = frozenset(shift.member_id for shift in open_shifts(conn) if shift.seen_at > since)
    found |= reach.working(conn) | sessions.seen_since(conn, since)
    return [one for one in on_duty(conn, now) if one.member_id in found]


def open_shifts(conn: Connection) -> list[Shift]:
    """Shifts that were not ended, lapsed ones too, longest first."""
    rows = conn.execute(select(ShiftRow.__table__).where(ShiftRow.ended_at.is_(None)).order_by(ShiftRow.started_at, ShiftRow.id))
    return [Shift(row.id, row.member_id, row.started_at, row.seen_at, row.until or row.seen_at + STANDS, row.until) for row in rows]


def shift_of(conn: Connection, member_id: str) -> Shift | None:
    """Her shift that was not ended."""
    return next((shift for shift in open_shifts(conn) if shift.member_id == member_id), None)


def rostered(conn: Connection, at: datetime) -> list[Occurrence]:
    """Whose turn of duty it is by the rota, whether she has started or not."""
    return standing(conn, at, at + timedelta(minutes=1))


def staffed_at(conn: Connection, at: datetime) -> bool:
    """Whether anybody stands at `at`: by the rota, or by a shift that is open and still counts then."""
    return any(span.starts <= at < span.ends for span in covered(conn, at, at + timedelta(minutes=1)))


def gaps(conn: Connection, start: datetime, end: datetime) -> list[Span]:
    """When nobody stands, from `start` until `end`."""
    return rota.gaps(covered(conn, start, end), start, end)


def next_on(conn: Connection, now: datetime, *, but: frozenset[str] = frozenset()) -> Occurrence | None:
    """Whose turn begins next after `now` by the rota, leaving out the members in `but`."""
    coming = standing(conn, now, now + AHEAD)
    return next((one for one in coming if one.starts > now and one.member_id not in but), None)


def covered(conn: Connection, start: datetime, end: datetime) -> list[Span]:
    """When somebody stands, or stood: by the rota and by shifts; may overlap."""
    who = _answering(conn)
    spans = [Span(one.starts, one.ends) for one in standing(conn, start, end)]
    spans += [Span(shift.started_at, shift.stands_until) for shift in open_shifts(conn) if shift.member_id in who]
    over = select(ShiftRow.started_at, ShiftRow.ended_at).where(ShiftRow.ended_at > start, ShiftRow.started_at < end)
    return spans + [Span(row.started_at, row.ended_at) for row in conn.execute(over)]


def standing(conn: Connection, start: datetime, end: datetime, *, kind: TurnKind = TurnKind.DUTY) -> list[Occurrence]:
    """The rota from `start` until `end` with all its changes. Who has left stands no more; on duty stands only who may answer alerts."""
    may = _answering(conn) if kind is TurnKind.DUTY else {member.id: member for member in members(conn)}
    swaps, absences = changes(conn)
    found = rota.stand(turns(conn, kind=kind), swaps, absences, start, end)
    return [one for one in found if one.member_id in may]


def interpreters(conn: Connection, language: str, now: datetime) -> list[Member]:
    """Who can be called now to interpret this language, by alias."""
    on_call = {
        one.member_id for one in standing(conn, now, now + timedelta(minutes=1), kind=TurnKind.INTERPRETER) if language in one.languages
    }
    return [member for member in members(conn) if member.id in on_call]


def turns(conn: Connection, *, kind: TurnKind | None = None, planned: bool = False) -> list[Turn]:
    """The lines of the rota; `planned`: without removed ones."""
    wanted = select(TurnRow.__table__).order_by(TurnRow.starts, TurnRow.id)
    wanted = wanted if kind is None else wanted.where(TurnRow.kind == kind.value)
    wanted = wanted.where(TurnRow.removed_at.is_(None)) if planned else wanted
    return [
        Turn(
            id=row.id,
            member_id=row.member_id,
            kind=TurnKind(row.kind),
            zone=row.zone,
            starts=row.starts,
            ends=row.ends,
            repeat=row.repeat,
            languages=tuple((row.languages or "").split()),
            removed_at=row.removed_at,
        )
        for row in conn.execute(wanted)
    ]


def changes(conn: Connection) -> tuple[list[Swap], list[Absence]]:
    """All changes that stand, older ones first."""
    swaps, absences = [], []
    for row in conn.execute(select(ChangeRow.__table__).where(ChangeRow.removed_at.is_(None)).order_by(ChangeRow.made_at, ChangeRow.id)):
        if row.kind == ChangeKind.SWAP.value:
            swaps.append(Swap(row.turn_id, row.occurrence, row.member_id))
        else:
            absences.append(Absence(row.member_id, row.starts_at, row.ends_at))
    return swaps, absences


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as planned. Never says why."""

    id: str
    member_id: str
    starts: datetime
    ends: datetime


def away(conn: Connection, after: datetime) -> list[Away]:
    """Absences that are not over at `after`, by their start."""
    wanted = select(ChangeRow.__table__).where(
        ChangeRow.removed_at.is_(None), ChangeRow.kind == ChangeKind.ABSENCE.value, ChangeRow.ends_at > after
    )
    return [Away(row.id, row.member_id, row.starts_at, row.ends_at) for row in conn.execute(wanted.order_by(ChangeRow.starts_at))]


@dataclass(frozen=True, slots=True)
class Swapped:
    """One occurrence that another person has, or nobody."""

    id: str
    turn_id: str
    occurrence: str
    to: str | None


def standing_swaps(conn: Connection) -> list[Swapped]:
    """Swaps that stand, the latest first."""
    wanted = select(ChangeRow.__table__).where(ChangeRow.removed_at.is_(None), ChangeRow.kind == ChangeKind.SWAP.value)
    rows = conn.execute(wanted.order_by(ChangeRow.occurrence.desc(), ChangeRow.id).limit(50))
    return [Swapped(row.id, row.turn_id, row.occurrence, row.member_id) for row in rows]


def feed_owner(conn: Connection, token_index: bytes) -> str | None:
    """Whose calendar this token opens; None where it is unknown or revoked, or she has left."""
    wanted = select(FeedRow.member_id).where(FeedRow.token_index == token_index, FeedRow.revoked_at.is_(None))
    found: str | None = conn.execute(wanted).scalar()
    return found if found in {member.id for member in members(conn)} else None


def has_feed(conn: Connection, member_id: str) -> bool:
    """Whether a calendar address of hers is open."""
    return conn.execute(select(FeedRow.id).where(FeedRow.member_id == member_id, FeedRow.revoked_at.is_(None))).first() is not None


def _answering(conn: Connection) -> dict[str, Member]:
    return {member.id: member for member in members(conn) if member.roles & _ANSWERING}
