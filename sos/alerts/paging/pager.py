"""The port by which a page leaves: who can be reached by which way. Implemented by sos.staff.reach.actions.Reach; never knows what an alert is about."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from sos.db.database import Unit
from sos.staff.reach.queries import Way


class Pager(Protocol):
    """Finds ways and queues pages in the unit of work that it is given."""

    def ways(self, conn: Connection, member_id: str) -> Sequence[Way]:
        """Her verified ways, also those that failed lately: nobody is given up."""
        ...

    def send(self, unit: Unit, way: Way, *, text: str, code: str | None = None, button: str | None = None) -> str:
        """Queue exactly `text` on its way; returns the outbox id. `code`: what the text already says ("12-4815"); `button`: the tap's value."""
        ...


class NoWays:
    """Nobody can be reached outside the console."""

    def ways(self, conn: Connection, member_id: str) -> Sequence[Way]:  # noqa: ARG002
        return ()

    def send(self, unit: Unit, way: Way, *, text: str, code: str | None = None, button: str | None = None) -> str:
        raise NotImplementedError("there is no way")
