"""Health for machines: alive, ready, and whether the whole chain from inbox to gateway is young. Tells no content and no numbers of people.

Ages and parts are for this machine only: an oldest unsent page that is one second old would tell anybody who asks that somebody has just cried for help.
"""

from typing import Any, Protocol

from flask import Blueprint, Response, g, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from sos.clock import Clock
from sos.db.database import Database, reachable
from sos.db.migrate import at_head
from sos.keys.keystore import Keystore, KeysUnavailable
from sos.watch.chain import Chain, state_of_chain


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
        found = chain_of(house)
        if not g.caller.on_loopback:
            return _answer(found.whole, {})
        late = sorted(link.key for link in found.late)
        return _answer(not late, {"seconds": _seconds(found), "late": late, "warnings": found.warnings})

    @door.get("/metrics")
    def metrics() -> Response:
        registry = CollectorRegistry()
        gauge = Gauge("sos_lag_seconds", "Age of the oldest open item, or of the last sign of life", ["part"], registry=registry)
        for name, age in (_seconds(chain_of(house)) if _database_ready(house) else {}).items():
            gauge.labels(name).set(-1 if age is None else age)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return door


def chain_of(house: Looked) -> Chain:
    """How every part of the chain stands now."""
    with house.database.read() as conn:
        return state_of_chain(conn, house.clock.now())


def _seconds(found: Chain) -> dict[str, float | None]:
    """Part -> seconds since its last sign of life (None: never), or age of its oldest unanswered, unsent, overdue item (0: none)."""
    return {link.key: link.seconds for link in found.links}


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
