"""Who really answers at 03:00: test calls by operators, dated, and a reminder after thirty days."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database
from sos.directory.jurisdictions import Jurisdictions
from sos.directory.test_calls import actions
from sos.directory.test_calls.actions import Heard, WrongCall, night_list
from sos.keys.keystore import Keystore

FILES = Jurisdictions.load(Path(__file__).parents[3] / "config" / "jurisdictions")
ANA = "a" * 32
AT_NIGHT = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)  # 03:05 in Pristina


@pytest.fixture
def audit(keystore: Keystore) -> Audit:
    return Audit(keystore.audit_key)


def _call(database: Database, audit: Audit, **other: object) -> None:
    values = {"country": "XK", "slug": "police", "result": Heard.PERSON, "waited_seconds": 12, "languages": ["sr", "sq"], "by": ANA}
    with database.write() as unit:
        actions.note(unit, audit, FILES, **{**values, **other})  # type: ignore[arg-type]


def _line(database: Database, clock: ManualClock, slug: str = "police") -> actions.NightLine:
    with database.read() as conn:
        return next(line for line in night_list(conn, FILES, clock.now()) if (line.number.country, line.number.slug) == ("XK", slug))


def test_a_number_that_nobody_has_tried_is_due_and_nobody_knows(database: Database, clock: ManualClock) -> None:
    line = _line(database, clock)
    assert line.due
    assert line.answers_at_night is None
    with database.read() as conn:
        assert actions.due(conn, FILES, clock.now()) == len(night_list(conn, FILES, clock.now())) > 5


def test_a_call_at_night_says_who_answered_and_counts_for_thirty_days(database: Database, clock: ManualClock, audit: Audit) -> None:
    clock.set(AT_NIGHT)
    _call(database, audit)
    line = _line(database, clock)
    assert not line.due
    assert line.answers_at_night is True
    assert line.last is not None
    assert (line.last.languages, line.last.waited_seconds, line.last.called_by) == (("sq", "sr"), 12, ANA)
    clock.advance(days=29, hours=23)
    assert not _line(database, clock).due
    clock.advance(hours=1)
    assert _line(database, clock).due


def test_a_call_by_day_does_not_tell_who_answers_at_night(database: Database, clock: ManualClock, audit: Audit) -> None:
    _call(database, audit)
    line = _line(database, clock)
    assert line.last is not None
    assert not line.last.at_night
    assert line.due
    assert line.answers_at_night is None


@pytest.mark.parametrize(
    ("result", "answers"),
    [(Heard.PERSON, True), (Heard.PASSED_ON, True), (Heard.MACHINE, False), (Heard.NO_ANSWER, False), (Heard.DEAD, False)],
)
def test_only_a_person_is_an_answer(database: Database, clock: ManualClock, audit: Audit, result: Heard, answers: bool) -> None:
    clock.set(AT_NIGHT)
    _call(database, audit, result=result)
    assert _line(database, clock).answers_at_night is answers


@pytest.mark.parametrize(("hour", "minute", "night"), [(20, 59, False), (21, 0, True), (2, 0, True), (4, 59, True), (5, 0, False)], ids=str)
def test_night_is_22_to_6_by_the_wall_clock_there(hour: int, minute: int, night: bool) -> None:
    assert actions.is_night(datetime(2026, 11, 24, hour, minute, tzinfo=UTC), FILES.zone("XK")) is night


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"slug": "nobody"}, id="a number that is not in the files"),
        pytest.param({"waited_seconds": -1}, id="less than no waiting"),
        pytest.param({"called_at": datetime(2027, 1, 1, tzinfo=UTC)}, id="a call in the future"),
        pytest.param({"called_at": datetime(2026, 1, 1, tzinfo=UTC)}, id="a call long ago"),
    ],
)
def test_a_call_that_cannot_be_right_is_refused(database: Database, audit: Audit, wrong: dict[str, object]) -> None:
    with pytest.raises(WrongCall):
        _call(database, audit, **wrong)


def test_a_number_that_changes_in_the_file_is_called_anew(database: Database, clock: ManualClock, audit: Audit) -> None:
    clock.set(AT_NIGHT)
    _call(database, audit)
    with database.write() as unit:
        unit.conn.execute(text("UPDATE test_calls SET number = '0'"))
    assert _line(database, clock).due


def test_calls_go_after_two_years(database: Database, clock: ManualClock, audit: Audit) -> None:
    _call(database, audit)
    clock.set(clock.now() + timedelta(days=731))
    with database.write() as unit:
        assert actions.forget_old(unit) == 1
