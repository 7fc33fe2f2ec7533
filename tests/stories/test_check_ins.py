"""Promise 10: "if I do not write by 20:00". Agreed only where somebody stands, kept only by the check word, missed exactly as she chose."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from sos.alerts.check_ins.models import CheckInRow
from sos.alerts.models import AlertEntryRow, AlertRow
from sos.bot.messages import Channel
from sos.staff.duty.queries import open_shifts
from sos.worker.schedule import watch_check_ins
from tests.bot.talking import Line, Person
from tests.stories.hotline import Post, her_id, on_duty, time_passes
from tests.stories.voices import agree, introduced

pytestmark = pytest.mark.story
WORD = "green door"


def asks(person: Person, time: str = "20:00", then: str = "1") -> str:
    """Through the menu to a check-in; the last answer. The line's clock stands at 13:00 of her wall clock."""
    person.says("menu", "what is mine", "if I do not write", time)
    return person.sends(then)[0] if "what then" in person.all_read else person.all_read


def ready(line: Line, person: Person) -> Person:
    """Somebody on duty until the evening, and her word agreed."""
    member = on_duty(line, at_work=False)
    with line.rooms.database.write() as unit:
        line.rooms.duty.start_shift(unit, member, until=line.clock.now() + timedelta(hours=12))
    return agree(introduced(person), "1", WORD)


def check_in_states(line: Line) -> list[str]:
    with line.rooms.database.read() as conn:
        return list(conn.execute(select(CheckInRow.state).order_by(CheckInRow.made_at)).scalars())


def reasons(line: Line) -> list[str]:
    with line.rooms.database.read() as conn:
        return list(conn.execute(select(AlertRow.reason).order_by(AlertRow.number)).scalars())


def test_it_is_agreed_for_a_staffed_time_on_her_wall_clock(line: Line, ana: Person) -> None:
    answer = asks(ready(line, ana))
    assert "Agreed for 20:00. Send your check word between 19:00 and 20:00" in answer
    with line.rooms.database.read() as conn:
        assert conn.execute(select(CheckInRow.due)).scalar_one() == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def test_where_nobody_stands_it_is_refused_with_numbers(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", WORD)
    answer = asks(ana)
    assert "At 20:00 nobody is on duty, so we cannot agree that" in answer
    assert "192" in answer
    assert check_in_states(line) == []


def test_refused_without_the_police_it_names_no_authority(line: Line, ana: Person) -> None:
    agree(introduced(ana.says("I do not want the police")), "1", WORD)
    answer = asks(ana)
    assert "194" in answer
    assert "192" not in answer


def test_without_a_check_word_one_is_agreed_first(line: Line, ana: Person) -> None:
    on_duty(line)
    introduced(ana).says("menu", "what is mine", "if I do not write")
    assert "check word" in ana.all_read
    assert check_in_states(line) == []


def test_missed_it_pages_as_she_chose_and_writes_nothing_to_her(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    post = Post(line)
    post.leaves()
    time_passes(line, hours=7, seconds=1)
    assert check_in_states(line) == ["missed"]
    assert reasons(line) == ["check_in_missed"]
    assert post.leaves() == [], "at eight in the evening he may hold the phone"
    assert "call_192_yes" not in line.entries()


def test_missed_it_leaves_only_a_note_where_she_chose_that(line: Line, ana: Person) -> None:
    asks(ready(line, ana), then="2")
    time_passes(line, hours=7, seconds=1)
    assert reasons(line) == []
    assert "check_in_missed" in line.tasks()


def test_it_fires_once_and_after_an_outage(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    time_passes(line, hours=30)
    time_passes(line, hours=1)
    assert reasons(line) == ["check_in_missed"]


def test_the_check_word_in_its_hour_keeps_it(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    time_passes(line, hours=6, minutes=30)
    ana.sends(WORD)
    time_passes(line, hours=2)
    assert check_in_states(line) == ["kept"]
    assert reasons(line) == []


def test_anything_else_does_not_keep_it(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    time_passes(line, hours=6, minutes=30)
    ana.says("I am fine", "all good", "hello", "red window", "safe", "menu")
    time_passes(line, hours=1)
    assert check_in_states(line) == ["missed"]


def test_said_hours_before_it_proves_nothing_about_the_evening(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    time_passes(line, hours=2)
    ana.sends(WORD)
    time_passes(line, hours=6)
    assert check_in_states(line) == ["missed"]


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("minutes", [1, 390])
def test_a_wrong_and_the_right_word_are_equal_bytes_while_it_waits(line: Line, channel: Channel, minutes: int) -> None:
    """In the hour of a check-in just agreed, and after hours of silence."""
    time = "13:45" if minutes == 1 else "20:00"
    right, wrong = (ready_twice(line, f"right-{n}" if channel is Channel.WEB else str(44000150 + n), channel, time) for n in range(2))
    time_passes(line, minutes=minutes)
    said = [(person.sends(word), person.bodies)[1] for person, word in ((right, WORD), (wrong, "blue wall"))]
    assert said[0] == said[1]
    time_passes(line, hours=1)
    assert sorted(check_in_states(line)) == ["kept", "missed"]


def ready_twice(line: Line, address: str, channel: Channel, time: str) -> Person:
    number = f"+383{address}" if channel is Channel.SMS else address
    person = line.person(number, channel)
    if line.count(CheckInRow) == 0:
        ready(line, person)
    else:
        agree(introduced(person), "1", WORD)
    asks(person, time)
    return person


def test_the_duress_word_looks_the_same_keeps_nothing_and_raises(line: Line, ana: Person) -> None:
    agree(ready(line, ana), "3", "blue wall")
    asks(ana, "13:45")
    assert ana.sends("blue wall") == ["Thank you, noted."]
    assert reasons(line) == ["duress_word"]
    time_passes(line, hours=1)
    assert check_in_states(line) == ["missed"]


def test_a_late_word_is_a_mark_with_the_same_words(line: Line, ana: Person) -> None:
    asks(ready(line, ana), "13:45")
    time_passes(line, minutes=50)
    assert line.alerts() == 1
    ana.says("hello")
    late = ana.sends(WORD)
    assert "mark.late_check_in" in line.entries()
    assert late == ["Thank you, noted."]
    with line.rooms.database.read() as conn:
        assert conn.execute(select(AlertRow.state)).scalar_one() not in ("closed", "false_alarm")


def test_ended_with_the_check_word_it_does_not_fire(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    ana.says(WORD, "menu", "what is mine", "if I do not write")
    assert "Something is agreed for 20:00" in ana.all_read
    assert ana.sends("end it") == ["Thank you, noted."]
    time_passes(line, hours=8)
    assert check_in_states(line) == ["cancelled"]
    assert reasons(line) == []


def test_a_cancel_by_a_stranger_is_a_mark_in_the_same_words(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    time_passes(line, minutes=40)
    for text in ("cancel", "I am safe now", "cancel everything"):
        ana.sends(text)
    time_passes(line, hours=8)
    assert check_in_states(line) == ["missed"]
    assert reasons(line) == ["check_in_missed"]


def test_a_cancel_in_an_open_talk_reads_the_same_with_and_without_one(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    other = agree(introduced(line.person("+38344000155")), "1", WORD)
    assert ana.sends("cancel") == other.sends("cancel") == ["Thank you, noted."]


def test_an_erase_by_a_stranger_does_not_end_it(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    time_passes(line, minutes=40)
    reply = ana.sends("ERASE")
    nobody = introduced(line.person("+38344000156")).sends("ERASE")
    assert reply == nobody
    time_passes(line, hours=7)
    assert reasons(line) == ["check_in_missed"]
    with line.rooms.database.read() as conn:
        assert conn.execute(select(AlertRow.address)).scalar_one() is not None, "who opens it must be able to find her"


def test_an_erase_with_the_check_word_ends_it(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    ana.says(WORD, "ERASE")
    time_passes(line, hours=8)
    assert check_in_states(line) == ["cancelled"]
    assert line.alerts() == 0


def test_without_the_police_the_alert_of_a_missed_one_says_so(line: Line, ana: Person) -> None:
    asks(ready(line, ana.says("I do not want the police")))
    time_passes(line, hours=8)
    assert "call_192_no" in line.entries()


def test_a_gap_that_appears_later_is_told_to_her_and_to_a_person(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    with line.rooms.database.write() as unit:
        for shift in [one.member_id for one in open_shifts(unit.conn)]:
            line.rooms.duty.end_shift(unit, shift)
    assert watch_check_ins(line.rooms) == 1
    post = Post(line)
    said = post.leaves()
    assert any("For 20:00 nobody is on duty any more" in text for text in said)
    assert "check_in_gap" in line.tasks()
    assert watch_check_ins(line.rooms) == 0, "once"


def test_a_gap_found_outside_her_window_is_told_when_she_has_shown_that_it_is_she(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    post = Post(line)
    post.leaves()
    line.clock.advance(hours=2)
    with line.rooms.database.write() as unit:
        for member in [one.member_id for one in open_shifts(unit.conn)]:
            line.rooms.duty.end_shift(unit, member)
    assert watch_check_ins(line.rooms) == 1
    assert post.leaves() == []
    ana.says("hello")
    assert "20:00" not in ana.all_read, "a stranger learns of no appointment"
    ana.says(WORD, "menu")
    assert "For 20:00 nobody is on duty any more" in ana.all_read
    ana.sends("menu")
    assert "20:00" not in ana.all_read, "once"


def test_the_same_hour_twice_in_a_night_is_the_wall_clocks(line: Line) -> None:
    from zoneinfo import ZoneInfo

    from sos.bot.flows.check_in import time_of

    zone = ZoneInfo("Europe/Belgrade")
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)  # the clocks go back in that night
    at = time_of("7:00", evening, zone)
    assert at is not None
    assert at.astimezone(UTC) == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
    assert time_of("22:05", evening, zone) is not None
    assert time_of("22:05", evening, zone) != evening.replace(hour=20, minute=5), "less than ten minutes ahead is tomorrow"
    assert time_of("tonight", evening, zone) is None
    assert time_of("between 7 and 9", evening, zone) is None
    assert time_of("25:00", evening, zone) is None


def test_her_plan_lies_sealed(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    with line.rooms.database.read() as conn:
        sealed = conn.execute(select(CheckInRow.plan)).scalar_one()
        assert b"38344" not in sealed
        assert conn.execute(select(AlertEntryRow.id)).first() is None
    assert her_id(ana)


def test_a_stranger_cannot_end_it_or_see_it(line: Line, ana: Person) -> None:
    asks(ready(line, ana))
    time_passes(line, minutes=40)
    for text in ("hello", "go on", "menu", "what is mine", "if I do not write", "end it", "1"):
        ana.sends(text)
        assert "20:00" not in ana.all_read, text
    time_passes(line, hours=7)
    assert check_in_states(line) == ["missed"]
