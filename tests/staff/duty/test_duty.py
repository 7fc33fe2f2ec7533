"""Shifts, the rota in the database, warnings before a gap, the calendar address. On both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from sqlalchemy import func, select

from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.rooms import Rooms
from sos.staff.duty import feed, queries
from sos.staff.duty.errors import BadTurn
from sos.staff.duty.models import FeedRow, ShiftRow
from sos.staff.duty.states import TurnKind
from sos.staff.duty.warnings import KIND
from sos.staff.members.states import Role
from sos.staff.models import TaskRow
from sos.staff.reach.states import By
from tests.staff.colleagues import add_member

ZONE = "Europe/Belgrade"
CONFIG = Path(__file__).parents[3] / "config"


class Place:
    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.rooms = Rooms(database=database, keystore=keystore, clock=clock, config=CONFIG, demo=True)
        self.database, self.clock = database, clock
        self.ana = add_member(self.rooms, alias="Ana")
        self.ela = add_member(self.rooms, alias="Ela", roles=(Role.SUPERVISOR,))

    def does(self, act: Callable[..., object], *args: object, **kwargs: object) -> object:
        with self.database.write() as unit:
            return act(unit, *args, **kwargs)

    def sees(self, query: Callable[..., object], *args: object, **kwargs: object) -> object:
        with self.database.read() as conn:
            return query(conn, *args, **kwargs)

    def stands(self, starts: str, ends: str, repeat: str = "", *, who: str = "", **kwargs: object) -> str:
        duty = self.rooms.duty
        return str(
            self.does(duty.add_turn, member_id=who or self.ana, starts=starts, ends=ends, zone=ZONE, repeat=repeat, by=self.ela, **kwargs)
        )

    def fires(self) -> int:
        return fire_due(self.database, {KIND: self.rooms.gap_warnings.fire})

    def gap_tasks(self) -> int:
        counted = select(func.count()).select_from(TaskRow).where(TaskRow.kind == "rota_gap")
        with self.database.read() as conn:
            return int(conn.execute(counted).scalar_one())

    def texts(self) -> int:
        with self.database.read() as conn:
            return int(conn.execute(select(func.count()).select_from(OutboxRow).where(OutboxRow.key_kind == "staff")).scalar_one())


@pytest.fixture
def place(database: Database, keystore: Keystore, clock: ManualClock) -> Place:
    clock.set(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    return Place(database, keystore, clock)


def test_a_shift_runs_from_click_to_click(place: Place) -> None:
    assert place.sees(queries.on_duty, place.clock.now()) == []
    place.does(place.rooms.duty.start_shift, place.ana)
    assert [one.alias for one in place.sees(queries.on_duty, place.clock.now())] == ["Ana"]
    place.does(place.rooms.duty.start_shift, place.ela)
    assert place.does(place.rooms.duty.end_shift, place.ana, "The night was quiet.")
    assert not place.does(place.rooms.duty.end_shift, place.ana)
    assert [one.alias for one in place.sees(queries.on_duty, place.clock.now())] == ["Ela"]
    [note] = place.sees(place.rooms.duty.notes, place.clock.now())
    assert (note.member_id, note.text) == (place.ana, "The night was quiet.")
    with place.database.read() as conn:
        assert all(b"quiet" not in bytes(one or b"") for one in conn.execute(select(ShiftRow.note)).scalars())


def test_a_shift_that_nobody_ended_ceases_to_count_and_a_click_renews_it(place: Place) -> None:
    first = place.does(place.rooms.duty.start_shift, place.ana)
    place.clock.advance(hours=11)
    assert place.does(place.rooms.duty.start_shift, place.ana) == first
    place.clock.advance(hours=11)
    assert len(place.sees(queries.on_duty, place.clock.now())) == 1
    place.clock.advance(hours=1)
    assert place.sees(queries.on_duty, place.clock.now()) == []
    assert not place.sees(queries.staffed_at, place.clock.now())
    assert place.does(place.rooms.duty.start_shift, place.ana) != first


def test_only_who_may_answer_an_alert_is_on_duty(place: Place) -> None:
    other = add_member(place.rooms, alias="Ida", roles=(Role.DIRECTORY_EDITOR,))
    place.does(place.rooms.duty.start_shift, other)
    place.stands("2026-11-24T08:00", "2026-11-24T16:00", who=other)
    assert place.sees(queries.on_duty, place.clock.now()) == []
    assert not place.sees(queries.staffed_at, datetime(2026, 11, 24, 9, tzinfo=UTC))


def test_who_has_left_stands_no_more(place: Place) -> None:
    place.stands("2026-11-24T08:00", "2026-11-24T16:00")
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    place.does(place.rooms.duty.start_shift, place.ana)
    assert place.sees(queries.staffed_at, at)
    with place.database.write() as unit:
        place.rooms.members.leave(unit, place.ana, by=place.ela)
    assert not place.sees(queries.staffed_at, at)
    assert place.sees(queries.shift_of, place.ana) is None


def test_a_time_is_staffed_by_the_rota_or_by_a_shift_said_to_last(place: Place) -> None:
    place.stands("2026-11-24T08:00", "2026-11-24T16:00", "FREQ=DAILY")
    assert place.sees(queries.staffed_at, datetime(2026, 12, 24, 14, 59, tzinfo=UTC))
    assert not place.sees(queries.staffed_at, datetime(2026, 12, 24, 15, 0, tzinfo=UTC))
    tonight = datetime(2026, 11, 23, 20, tzinfo=UTC)
    place.does(place.rooms.duty.start_shift, place.ana, until=datetime(2026, 11, 23, 21, tzinfo=UTC))
    assert place.sees(queries.staffed_at, tonight)
    assert not place.sees(queries.staffed_at, datetime(2026, 11, 23, 21, tzinfo=UTC))


def test_an_hour_that_somebody_worked_is_no_gap_afterwards(place: Place) -> None:
    began = place.clock.now()
    place.does(place.rooms.duty.start_shift, place.ana)
    place.clock.advance(hours=3)
    place.does(place.rooms.duty.end_shift, place.ana)
    [gap] = place.sees(queries.gaps, began, place.clock.now() + timedelta(hours=1))
    assert gap.starts == place.clock.now()


def test_who_comes_next_leaves_out_whom_it_must(place: Place) -> None:
    place.stands("2026-11-24T08:00", "2026-11-24T16:00")
    place.stands("2026-11-24T16:00", "2026-11-24T23:00", who=place.ela)
    assert place.sees(queries.next_on, place.clock.now()).member_id == place.ana
    assert place.sees(queries.next_on, place.clock.now(), but=frozenset({place.ana})).member_id == place.ela
    assert place.sees(queries.next_on, datetime(2026, 11, 25, tzinfo=UTC)) is None


def test_a_gap_is_told_a_day_and_two_hours_before_it_once_each(place: Place) -> None:
    _a_number(place, place.ela, "+38344000102")
    place.stands("2026-11-23T12:00", "2026-11-25T12:00")
    place.stands("2026-11-25T16:00", "2026-11-27T16:00")
    before = place.texts()
    for _ in range(3):
        place.does(place.rooms.gap_warnings.plan)
        assert place.fires() == 0
    told = []
    for _ in range(48 * 6):
        place.clock.advance(minutes=10)
        place.does(place.rooms.gap_warnings.plan)
        if place.fires():
            told.append(place.clock.now())
    gap = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
    assert told == [gap - timedelta(hours=24), gap - timedelta(hours=2)]
    assert (place.gap_tasks(), place.texts() - before) == (2, 2)


def test_a_gap_that_somebody_filled_is_not_told(place: Place) -> None:
    place.stands("2026-11-23T12:00", "2026-11-25T12:00")
    place.clock.set(datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    place.does(place.rooms.gap_warnings.plan)
    place.stands("2026-11-25T12:00", "2026-11-27T12:00", who=place.ela)
    place.clock.set(datetime(2026, 11, 25, 10, 30, tzinfo=UTC))
    place.fires()
    assert place.gap_tasks() == 0


def test_a_gap_that_comes_late_is_told_at_once_and_only_as_near_as_it_is(place: Place) -> None:
    place.stands("2026-11-23T12:00", "2026-11-25T12:00")
    place.does(place.rooms.duty.absence, member_id=place.ana, starts=place.clock.now() + timedelta(hours=1), ends=place.clock.now() + timedelta(hours=5), by=place.ela)  # fmt: skip
    assert place.fires() == 1
    assert place.gap_tasks() == 1


def test_whoever_must_know_is_told_of_every_change_in_the_same_transaction(
    database: Database, keystore: Keystore, clock: ManualClock
) -> None:
    from sos.audit.actions import Audit
    from sos.staff.duty.actions import Duty

    told: list[object] = []
    duty = Duty(keystore, Audit(keystore.audit_key), changed=(told.append,))
    with database.write() as unit:
        turn = duty.add_turn(unit, member_id="m", starts="2026-11-24T08:00", ends="2026-11-24T16:00", zone=ZONE, by="s")
        change = duty.swap(unit, turn_id=turn, occurrence="2026-11-24T08:00", to=None, by="s")
        duty.take_back(unit, change, by="s")
        duty.absence(unit, member_id="m", starts=unit.now, ends=unit.now + timedelta(hours=1), by="s")
        duty.remove_turn(unit, turn, by="s")
        duty.start_shift(unit, "m")
        duty.end_shift(unit, "m")
        assert told == [unit] * 7


def test_only_an_occurrence_that_comes_can_be_swapped(place: Place) -> None:
    turn = place.stands("2026-11-24T08:00", "2026-11-24T16:00", "FREQ=WEEKLY")
    for wrong in ("2026-11-25T08:00", "2026-12-01T09:00", "x"):
        with pytest.raises(BadTurn):
            place.does(place.rooms.duty.swap, turn_id=turn, occurrence=wrong, to=place.ela, by=place.ela)
    place.does(place.rooms.duty.swap, turn_id=turn, occurrence="2026-12-01T08:00", to=place.ela, by=place.ela)
    assert [one.member_id for one in place.sees(queries.rostered, datetime(2026, 12, 1, 9, tzinfo=UTC))] == [place.ela]


def test_interpreters_are_found_by_language_and_hour(place: Place) -> None:
    place.stands("2026-11-23T08:00", "2026-11-23T20:00", kind=TurnKind.INTERPRETER, languages=("tr", "rom"))
    assert [one.alias for one in place.sees(queries.interpreters, "tr", place.clock.now())] == ["Ana"]
    assert place.sees(queries.interpreters, "sq", place.clock.now()) == []
    assert place.sees(queries.interpreters, "tr", datetime(2026, 11, 23, 20, tzinfo=UTC)) == []
    assert not place.sees(queries.staffed_at, place.clock.now()), "who interprets does not answer alerts by that"


def test_a_calendar_address_opens_until_it_is_closed_or_made_anew(place: Place) -> None:
    duty = place.rooms.duty
    token = str(place.does(duty.feed_token, place.ana))
    assert place.sees(duty.feed_owner, token) == place.ana
    assert place.sees(duty.feed_owner, token + "x") is None
    newer = str(place.does(duty.feed_token, place.ana))
    assert (place.sees(duty.feed_owner, token), place.sees(duty.feed_owner, newer)) == (None, place.ana)
    place.does(duty.revoke_feed, place.ana)
    assert place.sees(duty.feed_owner, newer) is None
    with place.database.read() as conn:
        assert all(newer.encode() not in bytes(one) for one in conn.execute(select(FeedRow.token_index)).scalars())


def test_the_calendar_says_when_and_nothing_else(place: Place) -> None:
    place.stands("2026-11-24T22:00", "2026-11-25T06:00", "FREQ=DAILY")
    found = place.sees(queries.standing, place.clock.now(), place.clock.now() + timedelta(days=10))
    made = feed.calendar(found, now=place.clock.now())
    events = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert len(events) == 9
    assert {str(event["SUMMARY"]) for event in events} == {"Turn"}
    assert events[0]["DTSTART"].dt == datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    assert not any(word in made.lower() for word in (b"ana", b"sos", b"hotline", b"shelter", b"location"))


def _a_number(place: Place, member_id: str, number: str) -> None:
    from tests.staff.reach.test_reach import code_in

    place.does(place.rooms.reach.begin_sms, member_id, number)
    assert place.does(place.rooms.reach.confirm, member_id, code_in(place.rooms))
    assert [way.channel for way in place.sees(place.rooms.reach.ways, member_id)] == [By.SMS.value]
