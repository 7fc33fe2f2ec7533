"""Ask several shelters blindly, take the first suitable yes, release the others, widen the ring when nobody answers.

Each ask leaves at a moment of its own and in an order of chance; nothing in its row, code, text or time is shared with another.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Row, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved, move
from sos.db.types import new_id
from sos.deadlines.actions import Due, cancel, set_deadline
from sos.shelters.asks.bodies import AskBody, RoundBody
from sos.shelters.asks.errors import NobodyToAsk, NoSuchAsk
from sos.shelters.asks.models import AskRow, RoundRow
from sos.shelters.asks.states import MOVES, ROUNDS, Ask, Need, No, Round
from sos.shelters.codes import free_code
from sos.shelters.holds.actions import Holds, UnitNeed
from sos.shelters.holds.errors import NoneFree
from sos.shelters.units.card import shelter_index

SEND: Final = "ask.send"
TIMEOUT: Final = "ask.timeout"
THANKS: Final = "ask.thanks"
_SPREAD = 90.0
"""Seconds over which the asks of a ring leave, and over which those not needed any more are told so."""
PATIENCE = timedelta(minutes=20)
ON_HER_WAY = timedelta(hours=12)
"""How long a room is kept for her once she has said that she comes."""
KEPT_FOR = timedelta(hours=2)
"""How long a yes holds its unit while a person talks with her."""
_OVER_12 = 13
_ASKS, _ROUNDS = table_of(AskRow), table_of(RoundRow)


class Messenger(Protocol):
    """Tells shelters and operators. To a shelter: the need and a code, nothing else."""

    def ask(self, unit: Unit, service_id: str, ask_id: str, code: str, need: Need) -> None: ...
    def not_needed(self, unit: Unit, service_id: str, code: str) -> None: ...
    def found(self, unit: Unit, case: str, round_id: str) -> None: ...
    def nobody(self, unit: Unit, case: str, round_id: str) -> None: ...
    def group_refused(self, unit: Unit, ask_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What a shelter's answer came to. `needed`: False where another was first. `held`: a unit is kept for her, `subject` to the gatekeeper."""

    needed: bool
    held: bool
    subject: bool = False


class Asks:
    """The writes about asks. `chance`: a source of random numbers, injected; `gatekept`: whether a shelter has a gatekeeper."""

    def __init__(
        self,
        place_key: Callable[[], bytes],
        holds: Holds,
        messenger: Messenger,
        audit: Audit,
        *,
        chance: random.Random | None = None,
        gatekept: Callable[[Connection, str], bool] = lambda _conn, _service_id: False,
    ) -> None:
        self._gatekept = gatekept
        self._place_key = place_key
        self._holds = holds
        self._messenger = messenger
        self._audit = audit
        self._chance = chance or random.SystemRandom()

    def begin(self, unit: Unit, *, case: str, need: Need, rings: Sequence[Sequence[str]], by: str) -> str:
        """Ask the first ring; the next when it says nothing or no. `rings`: service ids, nearest to suitable first. Raises NobodyToAsk."""
        everyone = [service for ring in rings for service in ring]
        if not everyone or not all(rings) or len(set(everyone)) != len(everyone):
            raise NobodyToAsk("each ring names shelters, none twice")
        row = new_id()
        body = RoundBody(need, tuple(tuple(ring) for ring in rings))
        values = {"id": row, "case_ref": case, "body": body.sealed(self._place_key(), row), "state": Round.ASKING.value}
        unit.conn.execute(insert(_ROUNDS), values | {"begun_at": unit.now, "begun_by": by})
        self._next_ring(unit, row, body)
        self._audit.record(unit, "round.begun", subject=row, actor=by)
        return row

    def fire_send(self, unit: Unit, due: Due) -> None:
        """Its moment has come: it leaves, and has so long for its answer."""
        row = self._locked(unit, due.subject)
        if row is None or row.state != Ask.WAITING.value:
            return
        self._move(unit, row, "send")
        body = AskBody.opened(self._place_key(), row.id, row.body)
        self._messenger.ask(unit, body.service_id, row.id, row.code, body.need)
        set_deadline(unit, kind=TIMEOUT, subject=row.id, due=unit.now + PATIENCE + timedelta(seconds=self._chance.uniform(0, _SPREAD)))
        self._audit.record(unit, "ask.sent", subject=row.id)

    def fire_timeout(self, unit: Unit, due: Due) -> None:
        """No answer in time."""
        row = self._locked_after_its_round(unit, due.subject)
        if row is not None and row.state == Ask.OPEN.value:
            self._move(unit, row, "expire")
            self._ring_may_be_over(unit, AskBody.opened(self._place_key(), row.id, row.body).round_id)

    def fire_thanks(self, unit: Unit, due: Due) -> None:
        """A shelter that is not needed any more hears it, at a moment of its own."""
        row = self._locked(unit, due.subject)
        if row is not None:
            self._messenger.not_needed(unit, AskBody.opened(self._place_key(), row.id, row.body).service_id, row.code)

    def by_code(self, unit: Unit, service_id: str, code: str) -> str:
        """The open ask that this shelter means. Raises NoSuchAsk."""
        wanted = select(_ASKS.c.id).where(
            _ASKS.c.shelter == shelter_index(self._place_key(), service_id), _ASKS.c.code == code, _ASKS.c.state == Ask.OPEN.value
        )
        found: str | None = unit.conn.execute(wanted).scalar()
        if found is None:
            raise NoSuchAsk("there is none")
        return found

    def was_asked(self, unit: Unit, service_id: str, code: str) -> bool:
        """Whether this shelter had an ask of this code within a day: an answer to it comes too late, and is no guess."""
        mine = _ASKS.c.shelter == shelter_index(self._place_key(), service_id)
        wanted = select(_ASKS.c.id).where(mine, _ASKS.c.code == code, _ASKS.c.send_at > unit.now - timedelta(days=1))
        return unit.conn.execute(wanted.where(_ASKS.c.state != Ask.WAITING.value)).first() is not None

    def say_yes(self, unit: Unit, service_id: str, ask_id: str, *, by: str, subject: bool = False) -> Answered:
        """The shelter would take her. The first yes holds a unit and goes to the operator; a later one is thanked and not needed.

        `subject`: yes, subject to the gatekeeper; so is every yes of a house that has one. Raises NoSuchAsk.
        """
        subject = subject or self._gatekept(unit.conn, service_id)
        row, body = self._own_open(unit, service_id, ask_id)
        try:
            with unit.savepoint():
                self._move_round(unit, body.round_id, "find")
        except AlreadyMoved:
            self._move(unit, row, "release")
            return Answered(needed=False, held=False)
        hold = self._hold(unit, row.id, body, by=by, subject=subject)
        self._keep(unit, row.id, body.holding(hold, subject=subject))
        self._move(unit, row, "agree")
        self._found(unit, body.round_id, row.id)
        self._audit.record(unit, "ask.yes", subject=row.id, actor=by)
        return Answered(needed=True, held=hold is not None, subject=subject)

    def say_no(self, unit: Unit, service_id: str, ask_id: str, reason: No, *, by: str) -> None:
        """The shelter says no, with a coded reason. Raises NoSuchAsk."""
        row, body = self._own_open(unit, service_id, ask_id)
        self._move(unit, row, "decline", declined=reason.value)
        if reason is No.GROUP_REFUSED:
            self._messenger.group_refused(unit, row.id)
        self._audit.record(unit, "ask.no", subject=row.id, actor=by)
        self._ring_may_be_over(unit, body.round_id)

    def go_on(self, unit: Unit, round_id: str, *, by: str) -> None:
        """She does not want that place, or the kin check found somebody: let it go and ask the next ring. Raises NoSuchAsk, AlreadyMoved."""
        round_row, body = self._round(unit, round_id)
        self._move_round(unit, round_id, "go_on")
        self._let_go(unit, body, by=by)
        self._next_ring(unit, round_id, replace(body, answer=None))
        self._audit.record(unit, "round.on", subject=round_row.id, actor=by)

    def settle(self, unit: Unit, round_id: str, *, by: str) -> None:
        """She goes there: the hold stays so long that she can arrive. Raises NoSuchAsk, AlreadyMoved."""
        _, body = self._round(unit, round_id)
        self._move_round(unit, round_id, "settle")
        row = self._locked(unit, body.answer) if body.answer else None
        ask = AskBody.opened(self._place_key(), row.id, row.body) if row is not None else None
        if ask is not None and ask.hold_id:
            self._holds.prolong(unit, ask.hold_id, until=unit.now + ON_HER_WAY, by=by)
        self._audit.record(unit, "round.settled", subject=round_id, actor=by)

    def end(self, unit: Unit, round_id: str, *, by: str) -> None:
        """Stop asking; every hold and every open ask of this round is let go. Raises NoSuchAsk, AlreadyMoved."""
        _, body = self._round(unit, round_id)
        self._move_round(unit, round_id, "end")
        self._let_go(unit, body, by=by)
        self._release_open(unit, body, but=None)
        self._audit.record(unit, "round.ended", subject=round_id, actor=by)

    def kin_checked(self, unit: Unit, ask_id: str, *, found: bool, by: str) -> None:
        """What the shelter answered by voice, with her consent: whether kin of his work or live there. No name is kept. Raises NoSuchAsk."""
        row = self._locked(unit, ask_id)
        if row is None or row.state != Ask.YES.value:
            raise NoSuchAsk("there is none")
        body = AskBody.opened(self._place_key(), row.id, row.body)
        self._keep(unit, row.id, replace(body, kin="found" if found else "none"))
        self._audit.record(unit, "ask.kin_checked", subject=row.id, actor=by)

    def _next_ring(self, unit: Unit, round_id: str, body: RoundBody) -> None:
        if body.last:
            self._move_round(unit, round_id, "give_up")
            self._keep_round(unit, round_id, body)
            self._messenger.nobody(unit, self._round(unit, round_id)[0].case_ref, round_id)
            return
        ring = list(body.rings[body.ring + 1])
        self._chance.shuffle(ring)
        asks = [self._add(unit, service, body.need, round_id) for service in ring]
        self._keep_round(unit, round_id, replace(body, ring=body.ring + 1, asks=tuple(asks), past=body.past + body.asks))

    def _add(self, unit: Unit, service_id: str, need: Need, round_id: str) -> str:
        key, row = self._place_key(), new_id()
        shelter = shelter_index(key, service_id)
        code, moment = free_code(unit.conn, shelter, self._chance), self._moment(unit)
        values = {"id": row, "shelter": shelter, "code": code, "state": Ask.WAITING.value, "send_at": moment}
        unit.conn.execute(insert(_ASKS), values | {"body": AskBody(service_id, need, round_id).sealed(key, row)})
        set_deadline(unit, kind=SEND, subject=row, due=moment)
        return row

    def _hold(self, unit: Unit, ask_id: str, body: AskBody, *, by: str, subject: bool) -> str | None:
        need = UnitNeed(body.need.kind, body.need.beds, body.need.step_free, _OVER_12 if body.need.boy_over_12 else None)
        until = unit.now + KEPT_FOR
        try:
            return self._holds.hold(unit, body.service_id, need, case=ask_id, until=until, by=by, subject_to_gatekeeper=subject).id
        except NoneFree:
            return None  # they say yes although no unit stands free in the list: a person asks them

    def _found(self, unit: Unit, round_id: str, ask_id: str) -> None:
        row, body = self._round(unit, round_id)
        self._keep_round(unit, round_id, replace(body, answer=ask_id))
        self._release_open(unit, body, but=ask_id)
        self._messenger.found(unit, row.case_ref, round_id)

    def _release_open(self, unit: Unit, body: RoundBody, *, but: str | None) -> None:
        for ask_id in body.asks:
            row = self._locked(unit, ask_id)
            if ask_id == but or row is None or row.state not in (Ask.WAITING.value, Ask.OPEN.value):
                continue
            self._move(unit, row, "release")
            if row.state == Ask.OPEN.value:
                set_deadline(unit, kind=THANKS, subject=row.id, due=self._moment(unit))

    def _moment(self, unit: Unit) -> datetime:
        """Soon, at a moment of chance: nothing that leaves for one shelter leaves with what another gets."""
        return unit.now + timedelta(seconds=self._chance.uniform(0, _SPREAD))

    def _let_go(self, unit: Unit, body: RoundBody, *, by: str) -> None:
        row = self._locked(unit, body.answer) if body.answer else None
        if row is None or row.state != Ask.YES.value:
            return
        ask = AskBody.opened(self._place_key(), row.id, row.body)
        if ask.hold_id:
            self._holds.release_if_open(unit, ask.hold_id, by=by)
        self._move(unit, row, "release")
        self._messenger.not_needed(unit, ask.service_id, row.code)

    def _ring_may_be_over(self, unit: Unit, round_id: str) -> None:
        row, body = self._round(unit, round_id)
        standing = select(_ASKS.c.id).where(_ASKS.c.id.in_(body.asks), _ASKS.c.state.in_([Ask.WAITING.value, Ask.OPEN.value]))
        if row.state == Round.ASKING.value and unit.conn.execute(standing).first() is None:
            self._next_ring(unit, round_id, body)

    def _own_open(self, unit: Unit, service_id: str, ask_id: str) -> tuple[Row[Any], AskBody]:
        row = self._locked_after_its_round(unit, ask_id)
        if row is None or row.state != Ask.OPEN.value or row.shelter != shelter_index(self._place_key(), service_id):
            raise NoSuchAsk("there is none")
        return row, AskBody.opened(self._place_key(), row.id, row.body)

    def _round(self, unit: Unit, round_id: str) -> tuple[Row[Any], RoundBody]:
        row = unit.conn.execute(select(_ROUNDS).where(_ROUNDS.c.id == round_id).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchAsk("there is none")
        return row, RoundBody.opened(self._place_key(), row.id, row.body)

    def _move_round(self, unit: Unit, round_id: str, how: str) -> None:
        row, _ = self._round(unit, round_id)
        if how not in ROUNDS.moves[Round(row.state)]:
            raise AlreadyMoved("ask_rounds")
        changed = update(_ROUNDS).where(_ROUNDS.c.id == round_id, _ROUNDS.c.state == row.state)
        move(unit.conn, changed.values(state=ROUNDS.after(Round(row.state), how).value))

    def _move(self, unit: Unit, row: Row[Any], how: str, *, declined: str | None = None) -> None:
        new = MOVES.after(Ask(row.state), how)
        changed = update(_ASKS).where(_ASKS.c.id == row.id, _ASKS.c.state == row.state)
        answered = unit.now if how in ("agree", "decline") else None  # those released together would share their moment
        move(unit.conn, changed.values(state=new.value, declined=declined, answered_at=answered))
        for kind in (SEND, TIMEOUT) if how != "send" else ():
            cancel(unit, kind=kind, subject=row.id)

    def _keep(self, unit: Unit, ask_id: str, body: AskBody) -> None:
        unit.conn.execute(update(_ASKS).where(_ASKS.c.id == ask_id).values(body=body.sealed(self._place_key(), ask_id)))

    def _keep_round(self, unit: Unit, round_id: str, body: RoundBody) -> None:
        unit.conn.execute(update(_ROUNDS).where(_ROUNDS.c.id == round_id).values(body=body.sealed(self._place_key(), round_id)))

    def _locked_after_its_round(self, unit: Unit, ask_id: str) -> Row[Any] | None:
        """Two answers to one round wait for each other at the round, never across each other's asks."""
        row = unit.conn.execute(select(_ASKS).where(_ASKS.c.id == ask_id)).one_or_none()
        if row is None:
            return None
        self._round(unit, AskBody.opened(self._place_key(), row.id, row.body).round_id)
        return self._locked(unit, ask_id)

    def _locked(self, unit: Unit, ask_id: str) -> Row[Any] | None:
        return unit.conn.execute(select(_ASKS).where(_ASKS.c.id == ask_id).with_for_update()).one_or_none()
