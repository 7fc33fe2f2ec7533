"""Carries asks and questions to the phones of shelter staff, and what came of a search to the operators as a task.

To a shelter: the need of the room and a code, on each way that its staff registered, and nothing else. To operators: that there is news of a case.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from sos.db.database import Unit
from sos.shelters import wording
from sos.shelters.asks.states import WORDS, Need
from sos.shelters.staff import ways_to
from sos.shelters.units.states import UnitKind
from sos.staff.actions import Tasks
from sos.staff.reach.actions import Reach
from sos.staff.states import TaskKind

_BUTTONS: Final = (("yes", "Yes"), ("hold", "Hold: gatekeeper decides"))


class StaffPhones:
    """`whose`: the survivor of a case, so that a barred colleague does not see its tasks; None where nobody is known."""

    def __init__(self, reach: Reach, tasks: Tasks, whose: Callable[[Connection, str], str | None]) -> None:
        self._reach = reach
        self._tasks = tasks
        self._whose = whose

    def ask(self, unit: Unit, service_id: str, ask_id: str, code: str, need: Need) -> None:  # noqa: ARG002 - the page knows it by its id
        """To everybody who registered there, whatever the hour: somebody needs a room now."""
        no = tuple((f"no {word}", f"No: {wording.REASONS[reason]}") for word, reason in WORDS.items())
        buttons = tuple((f"{code} {value}", label) for value, label in (*_BUTTONS, *no))
        self._send(unit, service_id, wording.ask(code, need), buttons)

    def not_needed(self, unit: Unit, service_id: str, code: str) -> None:
        self._send(unit, service_id, wording.not_needed(code))

    def question(self, unit: Unit, service_id: str, code: str, empty: Mapping[UnitKind, int]) -> int:
        """What stands empty? Returns on how many ways it left."""
        return self._send(unit, service_id, wording.question(code, empty), ((f"{code} ok", "Still right"),))

    def kept(self, unit: Unit, service_id: str, text: str) -> int:
        """An operator keeps a room there. Returns on how many ways it left."""
        return self._send(unit, service_id, text)

    def found(self, unit: Unit, case: str, round_id: str) -> None:  # noqa: ARG002 - the alert's page shows the round
        self._news(unit, case, TaskKind.PLACE_FOUND)

    def nobody(self, unit: Unit, case: str, round_id: str) -> None:  # noqa: ARG002
        self._news(unit, case, TaskKind.NO_PLACE)

    def group_refused(self, unit: Unit, ask_id: str) -> None:  # noqa: ARG002 - the task names no case, the list of refusals names the shelter
        self._tasks.leave(unit, kind=TaskKind.GROUP_REFUSED, survivor_id=None)

    def _news(self, unit: Unit, case: str, kind: TaskKind) -> None:
        self._tasks.leave(unit, kind=kind, survivor_id=self._whose(unit.conn, case), alert_id=case)

    def _send(self, unit: Unit, service_id: str, text: str, buttons: tuple[tuple[str, str], ...] = ()) -> int:
        ways = ways_to(unit.conn, self._reach, service_id)
        for way in ways:
            self._reach.send(unit, way, text=text, buttons=buttons)
        return len(ways)
