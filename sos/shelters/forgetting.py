"""Drops what of the shelters' rooms is over: old asks, answers, ended holds, old moves, and the units of shelters that are no longer listed."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select

from sos.db.base import table_of
from sos.db.database import Unit
from sos.directory.models import Service
from sos.shelters.asks.models import AskRow, RoundRow
from sos.shelters.asks.states import Round
from sos.shelters.confirming.models import QuestionRow, SettingsRow
from sos.shelters.holds.models import HoldRow
from sos.shelters.models import HiddenService
from sos.shelters.units.card import shelter_index
from sos.shelters.units.models import ConfirmationRow, UnitMoveRow, UnitRow

A_YEAR: Final = timedelta(days=365)
MOVES_KEPT: Final = timedelta(days=2 * 365)
QUESTIONS_KEPT: Final = timedelta(days=30)
GRACE: Final = timedelta(days=30)
"""A shelter that an import took out by mistake has its units again when it comes back within this time."""
_ENDED: Final = [Round.SETTLED.value, Round.NOBODY.value, Round.ENDED.value]
_HOLDS, _ASKS, _ROUNDS, _QUESTIONS = table_of(HoldRow), table_of(AskRow), table_of(RoundRow), table_of(QuestionRow)
_UNITS, _MOVES, _SAID, _SETTINGS = table_of(UnitRow), table_of(UnitMoveRow), table_of(ConfirmationRow), table_of(SettingsRow)


def forget_old(unit: Unit, key: bytes) -> None:
    """As the inventory says. `key`: the place key, by which a shelter's rows are known."""
    conn, now = unit.conn, unit.now
    conn.execute(delete(_HOLDS).where(_HOLDS.c.ended_at < now - A_YEAR))
    conn.execute(delete(_ASKS).where(_ASKS.c.send_at < now - A_YEAR))
    conn.execute(delete(_ROUNDS).where(_ROUNDS.c.begun_at < now - A_YEAR, _ROUNDS.c.state.in_(_ENDED)))
    conn.execute(delete(_QUESTIONS).where(_QUESTIONS.c.asked_at < now - QUESTIONS_KEPT))
    conn.execute(delete(_SAID).where(_SAID.c.at < now - A_YEAR))
    _forget_moves(unit)
    _forget_unlisted(unit, key)


def _forget_moves(unit: Unit) -> None:
    """The last move before the limit stays: what a unit is like then follows from it."""
    old = _MOVES.c.at < unit.now - MOVES_KEPT
    last = select(func.max(_MOVES.c.seq)).where(old).group_by(_MOVES.c.unit_id)
    unit.conn.execute(delete(_MOVES).where(old, _MOVES.c.seq.not_in(last)))


def _forget_unlisted(unit: Unit, key: bytes) -> None:
    """Units that have stood still for 30 days and whose shelter is listed nowhere any more, with their moves and settings."""
    shelters = set(unit.conn.execute(select(_UNITS.c.shelter).distinct()).scalars())
    if not shelters:
        return
    listed = [*unit.conn.execute(select(HiddenService.id)).scalars(), *unit.conn.execute(select(Service.id)).scalars()]
    gone = shelters - {shelter_index(key, service_id) for service_id in listed}
    for shelter in gone:
        newest = unit.conn.execute(select(func.max(_UNITS.c.changed_at)).where(_UNITS.c.shelter == shelter)).scalar()
        if newest is not None and newest < unit.now - GRACE:
            mine = select(_UNITS.c.id).where(_UNITS.c.shelter == shelter)
            unit.conn.execute(delete(_HOLDS).where(_HOLDS.c.unit_id.in_(mine)))
            unit.conn.execute(delete(_MOVES).where(_MOVES.c.unit_id.in_(mine)))
            for table in (_UNITS, _SAID, _QUESTIONS, _SETTINGS, _ASKS):
                unit.conn.execute(delete(table).where(table.c.shelter == shelter))
