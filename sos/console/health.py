"""Health for machines: alive, ready, and whether the whole chain from inbox to gateway is young. Tells no content and no numbers of people."""

from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from sos.clock import Clock
from sos.db.database import Database, reachable
from sos.db.migrate import at_head
from sos.deadlines import actions as deadlines
from sos.deadlines import heartbeats
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore, KeysUnavailable
from sos.outbox import actions as outbox
from sos.outbox.states import Lane

YOUNG = {"worker": timedelta(seconds=30), "inbox": timedelta(seconds=30), "sos": timedelta(seconds=30), "deadline": timedelta(seconds=30)}
"""How old each may be before the chain counts as broken; the watchdog's limit is 120 s."""


class Looked(Protocol):
    """What the health endpoints look at."""

    @property
    def database(self) -> Database: ...
    @property
    def keystore(self) -> Keystore: ...
    @property
    def clock(self) -> Clock: ...


def blueprint(house: Looked) -> Blueprint:
    """`/health/live`, `/health/ready`, `/health/chain`, `/metrics`."""
    door = Blueprint("health", __name__)

    @door.get("/health/live")
    def live() -> Response:
        return jsonify(status="ok")

    @door.get("/health/ready")
    def ready() -> tuple[Response, int]:
        parts = {"database": _database_ready(house), "keys": _keys_open(house)}
        return _answer(all(parts.values()), parts)

    @door.get("/health/chain")
    def chain() -> tuple[Response, int]:
        if not _database_ready(house):
            return _answer(healthy=False, parts={"database": False})
        ages = lags(house)
        late = {name: age for name, age in ages.items() if age is None or age > YOUNG[name].total_seconds()}
        return _answer(not late, {"seconds": ages, "late": sorted(late)})

    @door.get("/metrics")
    def metrics() -> Response:
        registry = CollectorRegistry()
        gauge = Gauge("sos_lag_seconds", "Age of the oldest open item, or of the last sign of life", ["part"], registry=registry)
        for name, age in (lags(house) if _database_ready(house) else {}).items():
            gauge.labels(name).set(-1 if age is None else age)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return door


def lags(house: Looked) -> dict[str, float | None]:
    """Seconds since the worker's last sign of life (None: never), and ages of the oldest unanswered, unsent SOS and overdue item (0: none)."""
    now = house.clock.now()
    with house.database.read() as conn:
        beat = heartbeats.youngest(conn, "worker:")
        oldest = {
            "inbox": inbox.oldest_waiting(conn),
            "sos": outbox.oldest_waiting(conn, Lane.SOS),
            "deadline": deadlines.oldest_overdue(conn, now),
        }
    ages: dict[str, float | None] = {"worker": _age(beat, now) if beat else None}
    return ages | {name: _age(since, now) if since else 0.0 for name, since in oldest.items()}


def _age(since: datetime, now: datetime) -> float:
    return round(max(0.0, (now - since).total_seconds()), 1)


def _database_ready(house: Looked) -> bool:
    try:
        return reachable(house.database.engine) and at_head(house.database)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is not ready
        return False


def _keys_open(house: Looked) -> bool:
    try:
        return bool(house.keystore.current)
    except KeysUnavailable:
        return False


def _answer(healthy: bool, parts: dict[str, Any]) -> tuple[Response, int]:  # noqa: FBT001
    return jsonify({"status": "ok" if healthy else "failing"} | parts), 200 if healthy else 503
