"""What may be logged: an allow-list of event names and typed safe fields. Never a word, a number, a name, an address or a query string.

One JSON line an event on stderr. Lines of libraries are reduced to logger, level and the kind of exception, because their messages can
hold tokens and texts (measured: httpx logs the bot token, servers log query strings).
"""

import json
import logging
import sys
from datetime import UTC, datetime

EVENTS: dict[str, frozenset[str]] = {
    "web.started": frozenset({"port"}),
    "web.refused": frozenset({"endpoint", "status"}),
    "web.failed": frozenset({"endpoint", "error"}),
    "worker.started": frozenset({"worker"}),
    "worker.stopped": frozenset({"worker"}),
    "worker.batch": frozenset({"count", "milliseconds"}),
    "worker.message_failed": frozenset({"seq", "attempt", "error"}),
    "worker.parked": frozenset({"seq", "why"}),
    "worker.loop_failed": frozenset({"loop", "error"}),
    "worker.batch_again": frozenset({"error"}),
    "deadline.again": frozenset({"error"}),
    "delivery.failed": frozenset({"outbox", "provider", "attempt", "detail"}),
    "delivery.gave_up": frozenset({"outbox", "provider", "detail"}),
    "delivery.held": frozenset({"outbox", "why"}),
    "delivery.untold": frozenset({"outbox", "error"}),
    "database.after_commit_failed": frozenset({"error"}),
    "database.again": frozenset({"error"}),
    "page.failed": frozenset({"error"}),
    "deadline.failed": frozenset({"kind", "error"}),
    "job.failed": frozenset({"job", "error"}),
    "keys.not_moved": frozenset({"table", "error"}),
    "keys.turned": frozenset({"epoch"}),
    "keys.destroyed": frozenset({"epoch"}),
    "directory.changed": frozenset({"version"}),
    "config.problem": frozenset({"file", "problem"}),
    "settings.unknown": frozenset({"name"}),
    "supervisor.started": frozenset({"process"}),
    "watchdog.started": frozenset(),
    "watchdog.failed": frozenset({"what", "error"}),
    "watchdog.said": frozenset({"taken"}),
    "watchdog.unheard": frozenset({"way", "detail"}),
    "gateway.asked": frozenset({"gateway", "alive", "detail"}),
    "gateway.echo": frozenset({"gateway"}),
    "synthetic.begun": frozenset(),
    "synthetic.failed": frozenset({"state"}),
    "synthetic.done": frozenset({"seconds"}),
}
Field = str | int | float | bool | None
_logger = logging.getLogger("sos")


class NotAllowed(Exception):
    """This event or field is not on the allow-list."""


def event(name: str, /, *, level: int = logging.INFO, **fields: Field) -> None:
    """Log one event. Raises NotAllowed for a name or field outside the list: a mistake of the programmer, seen in tests."""
    allowed = EVENTS.get(name)
    if allowed is None or not fields.keys() <= allowed:
        raise NotAllowed(name)
    _logger.log(level, name, extra={"fields": fields})


def problem(name: str, /, **fields: Field) -> None:
    """Log an event that a person should look at."""
    event(name, level=logging.ERROR, **fields)


class _SafeLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Field] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
        }
        if record.name == "sos":
            line["event"] = record.getMessage()
            line |= getattr(record, "fields", {})
        else:
            line["logger"] = record.name
            line["error"] = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        return json.dumps(line)


def configure(level: int = logging.INFO) -> None:
    """Send everything through the safe formatter. Safe to call twice."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SafeLine())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    _logger.setLevel(level)
    for noisy in ("httpx", "httpcore", "telegram", "werkzeug", "alembic", "apscheduler", "aiohttp", "sqlalchemy", "urllib3", "geopy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
        logging.getLogger(noisy).handlers = []
        logging.getLogger(noisy).propagate = True
