"""One worker process of the storm: the real ladder over the real database, its clock offset by what stands in a file. Ends when it is killed."""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from sos.alerts.actions import Alerts
from sos.alerts.escalation.roster import Person
from sos.audit.actions import Audit
from sos.clock import SteadyClock
from sos.db.database import Database
from sos.deadlines.actions import fire_all_due
from sos.keys.keystore import Keystore

TICK = 1.0
"""As in sos/worker/schedule.py."""


class TwoOperators:
    """Both on duty, neither answers."""

    PEOPLE = tuple(Person(f"member{n}", f"M{n}", frozenset({"operator"}), frozenset(), frozenset()) for n in (1, 2))

    def everyone(self, conn: Connection) -> Sequence[Person]:
        return self.PEOPLE

    def on_duty(self, conn: Connection, now: datetime) -> frozenset[str]:
        return frozenset(person.id for person in self.PEOPLE)

    def on_rota(self, conn: Connection, now: datetime) -> frozenset[str]:
        return self.on_duty(conn, now)

    def next_on(self, conn: Connection, now: datetime, *, but: frozenset[str]) -> str | None:
        return None


def alerts(keystore: Keystore) -> Alerts:
    return Alerts(keystore, Audit(keystore.audit_key), roster=TwoOperators())


def main(url: str, keys: str, offset: str) -> None:
    def wall() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(Path(offset).read_text() or 0))

    database = Database(url, SteadyClock(wall=wall))
    handlers = alerts(Keystore.open(Path(keys))).handlers()
    while True:
        began = time.monotonic()
        try:
            fire_all_due(database, handlers)
        except Exception as error:  # noqa: BLE001 - as in the clockwork: tried again at the next tick
            sys.stderr.write(f"{type(error).__name__}\n")
        time.sleep(max(0.05, TICK - (time.monotonic() - began)))


if __name__ == "__main__":
    main(*sys.argv[1:4])
