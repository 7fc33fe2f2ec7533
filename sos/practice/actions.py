"""Begin, carry on and end an exercise. Writes to the tables of practice and to no other; sends, pages, audits and tells nobody."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.encryption import seal
from sos.practice import queries, script
from sos.practice.errors import Ended, NotYourRun
from sos.practice.models import PracticeLineRow, PracticeRunRow
from sos.practice.queries import Line
from sos.practice.scenarios import Scenario, Scenarios
from sos.practice.script import Place, Turn, packed, unpacked
from sos.practice.states import Run, Who
from sos.practice.topics import LANGUAGES, Topics

LINES_KEPT = timedelta(days=30)
RECORD_KEPT = timedelta(days=3 * 365)
_LINES, _RUNS = table_of(PracticeLineRow), table_of(PracticeRunRow)


class Practice:
    """The writes of this room. `key`: 32 bytes that seal the lines of exercises and nothing else."""

    def __init__(self, scenarios: Scenarios, topics: Topics, key: bytes) -> None:
        self.scenarios = scenarios
        self._topics = topics
        self._key = key

    def __repr__(self) -> str:
        return "Practice()"

    def begin(self, unit: Unit, *, member_id: str, scenario: str, language: str) -> str:
        """Begin an exercise; returns its id. Raises KeyError for a scenario or a language that there is not."""
        script_of = self.scenarios.by_slug[scenario]
        if language not in LANGUAGES:
            raise KeyError(language)
        run_id, turn = new_id(), script.begin(script_of, language)
        values = {
            "id": run_id,
            "member_id": member_id,
            "scenario": scenario,
            "version": script_of.version,
            "language": language,
            "difficulty": script_of.difficulty.value,
            "began_at": unit.now,
            "outcome": Run.RUNNING.value,
            "place": packed(turn.place),
        }
        unit.conn.execute(insert(_RUNS).values(values))
        self._say(unit, run_id, Who.SIMULATED, turn.says)
        return run_id

    def write(self, unit: Unit, *, run_id: str, member_id: str, text: str) -> Place:
        """The member writes a line; the simulated person reacts at once. Raises NotYourRun, Ended."""
        row = self._mine(unit, run_id, member_id)
        if row.outcome != Run.RUNNING.value:
            raise Ended
        scenario, at = self._scenario(row), _seconds(unit, row)
        self._say(unit, run_id, Who.TRAINEE, (text,))
        turn = script.hear(scenario, unpacked(row.place), self._topics.heard(text, row.language), row.language, at)
        return self._keep(unit, row, turn)

    def look(self, unit: Unit, *, run_id: str, member_id: str) -> Place:
        """Let time work: a silence of the script may be over. Raises NotYourRun."""
        row = self._mine(unit, run_id, member_id)
        before = unpacked(row.place)
        if row.outcome != Run.RUNNING.value:
            return before
        turn = script.wait(self._scenario(row), before, row.language, _seconds(unit, row))
        return before if turn.place == before else self._keep(unit, row, turn)

    def is_due(self, conn: Connection, *, run_id: str, member_id: str, now: datetime) -> bool:
        """Whether looking would change anything: most looks would not, and need no turn at writing. Raises NotYourRun."""
        run = queries.run(conn, run_id, member_id=member_id)
        if run.outcome is not Run.RUNNING or run.scenario not in self.scenarios.by_slug:
            return False
        at = max(0, int((now - run.began_at).total_seconds()))
        return script.wait(self.scenarios.by_slug[run.scenario], run.place, run.language, at).place != run.place

    def stop(self, unit: Unit, *, run_id: str, member_id: str) -> None:
        """The member ends the exercise; ending twice is no fault. Raises NotYourRun."""
        row = self._mine(unit, run_id, member_id)
        if row.outcome == Run.RUNNING.value:
            place = unpacked(row.place)
            self._keep(unit, row, Turn(replace(place, ended=Run.STOPPED)))

    def lines(self, conn: Connection, *, run_id: str, member_id: str) -> list[Line]:
        """What was written so far, oldest first. Raises NotYourRun."""
        queries.run(conn, run_id, member_id=member_id)
        return queries.lines(conn, run_id, key=self._key)

    def _mine(self, unit: Unit, run_id: str, member_id: str) -> Row[Any]:
        row = unit.conn.execute(select(_RUNS).where(_RUNS.c.id == run_id, _RUNS.c.member_id == member_id).with_for_update()).one_or_none()
        if row is None or row.scenario not in self.scenarios.by_slug:
            raise NotYourRun
        return row

    def _scenario(self, row: Row[Any]) -> Scenario:
        return self.scenarios.by_slug[row.scenario]

    def _keep(self, unit: Unit, row: Row[Any], turn: Turn) -> Place:
        self._say(unit, row.id, Who.SIMULATED, turn.says)
        values: dict[str, Any] = {"place": packed(turn.place), "outcome": turn.place.ended.value}
        if turn.place.ended is not Run.RUNNING:
            values["ended_at"] = unit.now
        move(unit.conn, update(_RUNS).where(_RUNS.c.id == row.id, _RUNS.c.outcome == Run.RUNNING.value).values(values))
        return turn.place

    def _say(self, unit: Unit, run_id: str, who: Who, lines: tuple[str, ...]) -> None:
        for line in lines:
            row = new_id()
            body = seal(self._key, line.encode(), table="practice_lines", column="body", row=row)
            unit.conn.execute(insert(_LINES).values(id=row, run_id=run_id, who=who.value, body=body, at=unit.now))


def forget_old(unit: Unit) -> None:
    """Drop lines after 30 days and the record after three years; a run that was left open ends as silent."""
    old = select(_RUNS.c.id).where(_RUNS.c.began_at < unit.now - LINES_KEPT)
    unit.conn.execute(delete(_LINES).where(_LINES.c.run_id.in_(old)))
    left = update(_RUNS).where(_RUNS.c.outcome == Run.RUNNING.value, _RUNS.c.began_at < unit.now - timedelta(days=1))
    unit.conn.execute(left.values(outcome=Run.SILENT.value, ended_at=unit.now))
    unit.conn.execute(delete(_RUNS).where(_RUNS.c.began_at < unit.now - RECORD_KEPT))


def _seconds(unit: Unit, row: Row[Any]) -> int:
    return max(0, int((unit.now - row.began_at).total_seconds()))
