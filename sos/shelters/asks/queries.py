"""Reads asks: those that wait for one shelter's answer, and the search for one case as its operator sees it. Opens with the place key it is given."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from sos.db.base import table_of
from sos.shelters.asks.bodies import AskBody, RoundBody
from sos.shelters.asks.models import AskRow, RoundRow
from sos.shelters.asks.states import Ask, Need, No, Round
from sos.shelters.units.card import shelter_index

_ASKS, _ROUNDS = table_of(AskRow), table_of(RoundRow)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One ask as a shelter sees it: the need, and since when. There is no more."""

    id: str
    code: str
    need: Need
    since: datetime


@dataclass(frozen=True, slots=True)
class AskSeen:
    """One ask as the operator sees it. `kin`: "none" or "found" after the consented check; `subject`: to the gatekeeper."""

    id: str
    service_id: str = field(repr=False)
    state: Ask
    declined: No | None
    answered_at: datetime | None
    hold_id: str | None
    subject: bool
    kin: str | None


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """The search for one case. `later`: how many shelters stand in rings that were not asked yet; `answer`: the ask that said yes."""

    id: str
    state: Round
    need: Need
    begun_at: datetime
    asks: tuple[AskSeen, ...]
    later: int
    answer: AskSeen | None


def incoming(conn: Connection, key: bytes, service_id: str) -> list[Incoming]:
    """Asks that wait for this shelter's answer, the oldest first."""
    wanted = select(_ASKS).where(_ASKS.c.shelter == shelter_index(key, service_id), _ASKS.c.state == Ask.OPEN.value)
    rows = conn.execute(wanted.order_by(_ASKS.c.send_at))
    return [Incoming(row.id, row.code, AskBody.opened(key, row.id, row.body).need, row.send_at) for row in rows]


def rounds_of(conn: Connection, key: bytes, case: str) -> list[RoundSeen]:
    """Every search for this case, the newest first."""
    rows = conn.execute(select(_ROUNDS).where(_ROUNDS.c.case_ref == case).order_by(_ROUNDS.c.begun_at.desc(), _ROUNDS.c.id))
    return [_round(conn, key, row.id, RoundBody.opened(key, row.id, row.body), Round(row.state), row.begun_at) for row in rows]


def refusals_by_group(conn: Connection, key: bytes, since: datetime) -> list[tuple[str, datetime]]:
    """(service id, when) of each refusal of a group since then, the newest first: for a supervisor, never with a case."""
    wanted = select(_ASKS).where(_ASKS.c.declined == No.GROUP_REFUSED.value, _ASKS.c.answered_at >= since)
    rows = conn.execute(wanted.order_by(_ASKS.c.answered_at.desc()))
    return [(AskBody.opened(key, row.id, row.body).service_id, row.answered_at) for row in rows]


def _round(conn: Connection, key: bytes, row: str, body: RoundBody, state: Round, begun_at: datetime) -> RoundSeen:
    ids = [*body.past, *body.asks]
    found = {one.id: one for one in conn.execute(select(_ASKS).where(_ASKS.c.id.in_(ids)))}
    asks = []
    for one in (found[ask_id] for ask_id in ids if ask_id in found):
        ask = AskBody.opened(key, one.id, one.body)
        declined = No(one.declined) if one.declined else None
        asks.append(AskSeen(one.id, ask.service_id, Ask(one.state), declined, one.answered_at, ask.hold_id, ask.subject, ask.kin))
    later = sum(len(ring) for ring in body.rings[body.ring + 1 :])
    answer = next((one for one in asks if one.id == body.answer), None)
    return RoundSeen(row, state, body.need, begun_at, tuple(asks), later, answer)
