"""What an import reads, row by row, and what it says of each row. Plain values."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sos.db.database import Unit
from sos.directory.entries import HiddenEntry, ServiceEntry

NAMESPACE = uuid.UUID("6f1d1c1e-54a5-5b8a-9d0c-0d1f0a5b7c3e")
"""ids that we make for records without a usable one are UUID5 under this name, so the same record gets the same id again"""


class BadRow(ValueError):
    """The row cannot be imported; the text says why, in one line."""


class Done(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    ERROR = "error"
    HELD_BACK = "not imported"  #: good, but another row is bad and the import is all or nothing


@dataclass(slots=True)
class Row:
    """One record of the file: a public entry, or one for the vault, or the reason why neither."""

    line: int
    entry: ServiceEntry | None = field(repr=False, default=None)
    hidden: HiddenEntry | None = field(repr=False, default=None)
    given_id: str = ""
    error: str = ""
    notes: list[str] = field(default_factory=list)
    done: Done | None = None

    @property
    def id(self) -> str:
        """Our id where the row could be read, else the one the file gives."""
        if self.entry:
            return self.entry.id
        return self.hidden.service.id if self.hidden else self.given_id

    def plain(self) -> dict[str, Any]:
        """The line of the report. A confidential row shows its id alone."""
        shown: dict[str, Any] = {"line": self.line, "id": self.id or None, "action": self.done.value if self.done else None}
        if self.entry:
            shown["name"] = self.entry.name
        if self.hidden:
            shown["confidential"] = True
        if self.error:
            shown["error"] = self.error
        if self.notes:
            shown["notes"] = self.notes
        return shown


class HiddenStore(Protocol):
    """Where confidential records go; the vault of `sos.shelters` is one."""

    def keep(self, unit: Unit, entry: HiddenEntry) -> str:
        """Seal it away: "added", "changed" or "unchanged"."""
        ...

    def holds(self, unit: Unit, service_id: str) -> bool:
        """Whether this id is confidential already."""
        ...


Fold = Callable[[str], str]


def stable_id(*parts: object) -> str:
    """The UUID of a record, from its own where that is one, else made of these parts for good."""
    if len(parts) == 2:
        try:
            return str(uuid.UUID(str(parts[1]).strip()))
        except ValueError:
            pass
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(" ".join(str(part).casefold().split()) for part in parts)))
