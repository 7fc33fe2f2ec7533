"""Ten thousand deadlines on two workers through kills, a stopped worker, a clock set back and an outage: lateness, and how soon nothing is overdue.

`python -m bench.deadlines [sqlite|postgresql-url] [alerts]`: one JSON line. Exactly-once is asserted by tests/faults/test_deadlines.py.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from sos.clock import SystemClock
from sos.db.database import Database
from sos.db.migrate import upgrade
from tests.faults.storm import LEVELS, Storm, all_faults


def main(where: str, alerts: int = 2500) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/sos.db" if where == "sqlite" else where
        database = Database(url, SystemClock())
        upgrade(database)
        database.dispose()
        storm = Storm(url, Path(folder), alerts=alerts, wait=15)
        storm.prepare()
        try:
            recovered = all_faults(storm)
        finally:
            storm.stop_all()
        late = storm.lateness()
        effects = storm.effects()
        figures = {
            "figure": "deadlines_lateness",
            "database": where.partition(":")[0],
            "deadlines": alerts * LEVELS,
            "fired": storm.fired(),
            "fired_twice": sum(count - 1 for count in effects.values()),
            "measured_outside_outages": len(late),
            "p50_s": round(late[len(late) // 2], 3),
            "p99_s": round(late[int(len(late) * 0.99)], 3),
            "most_s": round(late[-1], 3),
            "recovered_after_outage_s": round(recovered, 1),
            "raise_ms": round(storm.raising * 1000, 2),
            "load": round(os.getloadavg()[0], 1),
        }
        sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ["sqlite"], *(int(count) for count in sys.argv[2:3]))
