"""Write audit rows in the transaction of the act. Ids and kinds only: never a word, a number, a name or a place."""

import os
import re
import threading
import uuid

from sqlalchemy import insert

from sos.audit.models import AuditRow
from sos.db.base import table_of
from sos.db.database import Unit
from sos.encryption import index

_WRITE = insert(table_of(AuditRow))
_ALLOWED = re.compile(r"[a-z0-9_.:-]{0,64}")


class NotAnId(Exception):
    """Only ids and kinds may be audited."""


class Audit:
    """One writer a thread: its counter moves only when the transaction commits, so no number is ever missing.

    After a transaction whose end is not known (the connection broke during COMMIT) the thread goes on as a new writer: its next number
    may be taken already.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._own = threading.local()

    def record(self, unit: Unit, kind: str, *, subject: str = "", actor: str = "system") -> None:
        """Note the act; it is written last in this transaction. Raises NotAnId for anything but lower-case ids."""
        for value in (kind, subject, actor):
            if not _ALLOWED.fullmatch(value):
                raise NotAnId(kind if _ALLOWED.fullmatch(kind) else "kind")
        unit.carried.setdefault("audit", []).append((kind, subject, actor))
        unit.before_commit(self._write)

    def _write(self, unit: Unit) -> None:
        noted = unit.carried.pop("audit", [])
        if not noted:
            return
        writer, start = self._writer()
        rows = []
        for n, (kind, subject, actor) in enumerate(noted, start):
            row = {"writer": writer, "n": n, "at": unit.now, "kind": kind, "actor": actor, "subject": subject}
            rows.append(row | {"mac": mac(self._key, row)})
        self._own.open = True
        unit.conn.execute(_WRITE, rows)
        unit.on_commit(lambda: self._advance(start + len(rows)))

    def _writer(self) -> tuple[str, int]:
        if getattr(self._own, "pid", None) != os.getpid() or self._own.open:
            self._own.open = False
            self._own.pid, self._own.writer, self._own.n = os.getpid(), uuid.uuid4().hex, 1
        return self._own.writer, self._own.n

    def _advance(self, n: int) -> None:
        self._own.n, self._own.open = n, False


def mac(key: bytes, row: dict[str, object]) -> bytes:
    """HMAC-SHA256 over the row's fields, in this order: writer, n, at, kind, actor, subject."""
    at = row["at"]
    moment = at.isoformat() if hasattr(at, "isoformat") else str(at)
    fields = (row["writer"], row["n"], moment, row["kind"], row["actor"], row["subject"])
    return index(key, "\x1f".join(str(field) for field in fields).encode())
