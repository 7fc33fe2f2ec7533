"""The daily synthetic SOS: from a gateway through inbox, conversation, alert, page and reply to its close, waking nobody. Its end is a sign of life.

It comes in and its page goes out through the real gateway where that has a number of its own (`SOS_SMS_<GATEWAY>_LOOPBACK`); elsewhere it begins
in the inbox and the stand-in takes it as at the console. What does not come to its end is forgotten, and the watchdog misses its sign of life.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from sos import logs
from sos.alerts import synthetic
from sos.alerts.states import Alert, Outcome
from sos.alerts.synthetic import STAND_IN, Run
from sos.db.database import Unit
from sos.deadlines import heartbeats
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox
from sos.rooms import Rooms
from sos.watch.chain import SYNTHETIC

EVERY: Final = timedelta(seconds=20)
DAILY: Final = timedelta(hours=24)
AGAIN: Final = timedelta(minutes=30)
"""After one that did not come to its end."""
GIVEN_UP: Final = timedelta(minutes=10)
_BEGUN: Final = "begun:synthetic"
_TAKEN: Final = frozenset({Alert.TAKEN, Alert.OPENED, Alert.ANSWERED})


@dataclass(frozen=True, slots=True)
class Synthetic:
    """`begin`: sends the message of nobody on its way. `number`: our own number, where a gateway has one."""

    rooms: Rooms
    begin: Callable[[datetime], None]
    number: str | None

    def tend(self) -> None:
        """Begin today's test when it is due; help the one under way to its end."""
        database = self.rooms.database
        with database.read() as conn:
            runs = synthetic.under_way(conn)
        for run in runs:
            with database.write() as unit:
                self._on(unit, run)
        if runs or not self._is_due():
            return
        with database.write() as unit:
            heartbeats.beat(unit, _BEGUN)
            if self.number is not None:
                self.rooms.reach.stand_in(unit, STAND_IN, self.number)
        logs.event("synthetic.begun")
        self.begin(database.clock.now())

    def _is_due(self) -> bool:
        """By the last one that came to its end; one that did not is repeated soon."""
        now = self.rooms.clock.now()
        with self.rooms.database.read() as conn:
            done = heartbeats.youngest(conn, SYNTHETIC)
            begun = heartbeats.youngest(conn, _BEGUN)
        return (done is None or now - done >= DAILY) and (begun is None or now - begun >= AGAIN)

    def _on(self, unit: Unit, run: Run) -> None:
        late = unit.now - run.raised_at
        if late >= GIVEN_UP:
            logs.problem("synthetic.failed", state=run.state.value)
            self._forget(unit, run)
        elif run.state in _TAKEN:
            if self._was_answered(unit, run):
                self._close(unit, run)
                heartbeats.beat(unit, SYNTHETIC)
                logs.event("synthetic.done", seconds=int(late.total_seconds()))
        elif self.number is None:
            self.rooms.alerts.shown(unit, [run.alert_id], STAND_IN)
            self.rooms.alerts.take(unit, run.alert_id, STAND_IN)

    def _was_answered(self, unit: Unit, run: Run) -> bool:
        """Whether the first reply has left."""
        left = select(OutboxRow.id).where(
            OutboxRow.survivor_id == run.survivor_id, OutboxRow.state.in_([Outbox.SENT.value, Outbox.DELIVERED.value])
        )
        return unit.conn.execute(left.limit(1)).first() is not None

    def _close(self, unit: Unit, run: Run) -> None:
        alerts = self.rooms.alerts
        if run.state is Alert.TAKEN:
            alerts.opened(unit, run.alert_id, STAND_IN)
        alerts.answered(unit, run.alert_id, STAND_IN)
        alerts.close(unit, run.alert_id, STAND_IN, Outcome.DUPLICATE, "")
        self._forget(unit, run)

    def _forget(self, unit: Unit, run: Run) -> None:
        """Nothing of it is kept: no alert, no person, no words."""
        synthetic.forget(unit, run.alert_id)
        known = self.rooms.survivors.find(unit.conn, synthetic.sender(self.rooms.keystore))
        if known is not None:
            self.rooms.erasure.erase(unit, known, verified=True)
            synthetic.forget_nobody(unit, known.id)
