"""A whole exercise: kept for its member only, ended once, and never in a real table."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

import sos.practice
from sos.clock import ManualClock
from sos.db.database import Database
from sos.practice import queries
from sos.practice.actions import Practice, forget_old
from sos.practice.errors import Ended, NotYourRun
from sos.practice.states import Run, Who
from tests.practice.conftest import KEY

OURS = {"practice_runs", "practice_lines"}
MEMBER, OTHER = "a" * 32, "b" * 32


def _counts(database: Database) -> dict[str, int]:
    with database.read() as conn:
        tables = [name for name in inspect(conn).get_table_names() if name != "alembic_version"]
        assert len(tables) > 20
        return {name: conn.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in tables}


def _write(database: Database, practice: Practice, run_id: str, words: str) -> None:
    with database.write() as unit:
        practice.write(unit, run_id=run_id, member_id=MEMBER, text=words)


def _begin(database: Database, practice: Practice, scenario: str = "papers", language: str = "en") -> str:
    with database.write() as unit:
        return practice.begin(unit, member_id=MEMBER, scenario=scenario, language=language)


def test_a_whole_exercise_writes_no_row_in_any_real_table(database: Database, practice: Practice, clock: ManualClock) -> None:
    before = _counts(database)
    run_id = _begin(database, practice)
    for words in (
        "Are you safe to write?",
        "What would help you?",
        "Where are you?",
        "A free lawyer is an option.",
        "SOS he has a gun",
        "Write again",
    ):
        clock.advance(seconds=40)
        _write(database, practice, run_id, words)
    with database.write() as unit:
        practice.look(unit, run_id=run_id, member_id=MEMBER)
        forget_old(unit)
    after = _counts(database)
    assert {name for name in after if after[name] != before[name]} == OURS
    with database.read() as conn:
        assert queries.run(conn, run_id, member_id=MEMBER).outcome is Run.WENT_ON


def test_practice_knows_no_real_room() -> None:
    allowed = ("sos.practice", "sos.db.", "sos.encryption", "sos.transitions")
    files = sorted(Path(sos.practice.__path__[0]).glob("*.py"))
    assert len(files) > 6
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [node.module]
                if isinstance(node, ast.ImportFrom)
                else [name.name for name in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            assert all(not name or not name.startswith("sos") or name.startswith(allowed) for name in names), path.name


def test_no_column_of_practice_points_at_a_real_row(database: Database) -> None:
    with database.read() as conn:
        found = inspect(conn)
        assert not [key for table in OURS for key in found.get_foreign_keys(table)]
        names = {column["name"] for table in OURS for column in found.get_columns(table)}
    assert not names & {"alert_id", "survivor_id", "contact_id", "outbox_id"}


def test_the_record_says_who_has_practised_what_and_when(database: Database, practice: Practice, clock: ManualClock) -> None:
    run_id = _begin(database, practice, "next_room", "sq")
    clock.advance(minutes=3)
    with database.write() as unit:
        practice.stop(unit, run_id=run_id, member_id=MEMBER)
        practice.stop(unit, run_id=run_id, member_id=MEMBER)
    with database.read() as conn:
        (only,) = queries.record(conn)
        assert queries.record(conn, member_id=OTHER) == []
    assert (only.member_id, only.scenario, only.language, only.outcome) == (MEMBER, "next_room", "sq", Run.STOPPED)
    assert only.ended_at == clock.now()


def test_an_exercise_is_its_members_own_and_ends_once(database: Database, practice: Practice) -> None:
    run_id = _begin(database, practice)
    with database.write() as unit, pytest.raises(NotYourRun):
        practice.write(unit, run_id=run_id, member_id=OTHER, text="hello")
    with database.read() as conn, pytest.raises(NotYourRun):
        queries.run(conn, run_id, member_id=OTHER)
    with database.write() as unit:
        practice.stop(unit, run_id=run_id, member_id=MEMBER)
    with database.write() as unit, pytest.raises(Ended):
        practice.write(unit, run_id=run_id, member_id=MEMBER, text="hello")


def test_lines_are_sealed_and_go_after_thirty_days_while_the_record_stays(
    database: Database, practice: Practice, clock: ManualClock
) -> None:
    run_id = _begin(database, practice)
    _write(database, practice, run_id, "planted-word-of-a-trainee")
    with database.read() as conn:
        assert [line.who for line in queries.lines(conn, run_id, key=KEY)] == [Who.SIMULATED, Who.TRAINEE, Who.SIMULATED]
        assert queries.lines(conn, run_id, key=b"x" * 32) == []
        stored = conn.execute(text("SELECT body FROM practice_lines")).scalars().all()
        assert stored
        assert not any(b"planted" in bytes(body) for body in stored)
    clock.advance(days=31)
    with database.write() as unit:
        forget_old(unit)
    with database.read() as conn:
        assert queries.lines(conn, run_id, key=KEY) == []
        (kept,) = queries.record(conn)
    assert kept.outcome is Run.SILENT
    clock.set(clock.now() + timedelta(days=3 * 365))
    with database.write() as unit:
        forget_old(unit)
    with database.read() as conn:
        assert queries.record(conn) == []


def test_time_passes_only_by_the_clock(database: Database, practice: Practice, clock: ManualClock) -> None:
    run_id = _begin(database, practice, "next_room")
    with database.write() as unit:
        assert practice.look(unit, run_id=run_id, member_id=MEMBER).silences == 0
    clock.advance(seconds=95)
    with database.write() as unit:
        practice.look(unit, run_id=run_id, member_id=MEMBER)
    with database.read() as conn:
        assert queries.lines(conn, run_id, key=KEY)[-1].text == "hello?"
