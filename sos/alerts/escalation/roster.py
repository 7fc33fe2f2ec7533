"""Who there is: the port by which an escalation asks for people. Knows no rota and no sign-in of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff as an escalation sees her. `roles`: values of sos.staff.members.states.Role."""

    id: str
    alias: str
    roles: frozenset[str]
    languages: frozenset[str]
    countries: frozenset[str]


class Roster(Protocol):
    """Answers from what is stored now."""

    def everyone(self, conn: Connection) -> Sequence[Person]:
        """All active members."""
        ...

    def on_duty(self, conn: Connection, now: datetime) -> frozenset[str]:
        """Ids of those with a started shift whom something reaches now: a browser, a number or a chat."""
        ...

    def on_rota(self, conn: Connection, now: datetime) -> frozenset[str]:
        """Ids of those whose planned turn it is, whether or not they started their shift."""
        ...

    def next_on(self, conn: Connection, now: datetime, *, but: frozenset[str]) -> str | None:
        """Id of the person whose turn begins next, leaving out those in `but`."""
        ...


class Nobody:
    """No staff at all: for tools that never page, and until the first member is invited."""

    def everyone(self, conn: Connection) -> Sequence[Person]:  # noqa: ARG002
        return ()

    def on_duty(self, conn: Connection, now: datetime) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def on_rota(self, conn: Connection, now: datetime) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def next_on(self, conn: Connection, now: datetime, *, but: frozenset[str]) -> str | None:  # noqa: ARG002
        return None
