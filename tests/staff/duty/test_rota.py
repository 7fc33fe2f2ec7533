"""The rota's rules: nights on which the clocks change, repeats, changes, and gaps that nothing hides."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sos.staff.duty import rota
from sos.staff.duty.errors import BadTurn
from sos.staff.duty.rota import Absence, Span, Swap, Turn
from sos.staff.duty.states import TurnKind

ZONE = "Europe/Belgrade"


def turn(
    starts: str, ends: str, repeat: str | None = None, *, who: str = "ana", turn_id: str = "t1", removed_at: datetime | None = None
) -> Turn:
    return Turn(turn_id, who, TurnKind.DUTY, ZONE, starts, ends, repeat, removed_at=removed_at)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("night", "hours", "starts", "ends"),
    [
        pytest.param(
            "2026-10-24", 9, "2026-10-24T20:00", "2026-10-25T05:00", id="the night on which an hour comes twice is nine hours of work"
        ),
        pytest.param("2027-03-27", 7, "2027-03-27T21:00", "2027-03-28T04:00", id="the night on which an hour is left out is seven"),
        pytest.param("2026-11-23", 8, "2026-11-23T21:00", "2026-11-24T05:00", id="any other night is eight"),
    ],
)
def test_a_night_follows_the_wall_clock_when_the_clocks_change(night: str, hours: int, starts: str, ends: str) -> None:
    after = (datetime.fromisoformat(night) + timedelta(days=1)).strftime("%Y-%m-%d")
    planned = turn(f"{night}T22:00", f"{after}T06:00")
    [one] = rota.stand([planned], (), (), utc(f"{night}T00:00"), utc(f"{after}T23:00"))
    assert one.ends - one.starts == timedelta(hours=hours)
    assert (one.starts, one.ends) == (utc(starts), utc(ends))


@pytest.mark.parametrize("wall", ["2026-10-25T02:30", "2027-03-28T02:30"])
def test_turns_that_touch_at_an_hour_that_comes_twice_or_never_leave_no_gap(wall: str) -> None:
    day = wall[:10]
    both = [turn(f"{day}T00:00", wall), turn(wall, f"{day}T12:00", who="ela", turn_id="t2")]
    found = rota.stand(both, (), (), utc(f"{day}T00:00"), utc(f"{day}T10:00"))
    assert len(found) == 2
    assert rota.gaps([Span(one.starts, one.ends) for one in found], found[0].starts, found[-1].ends) == []


def test_nights_repeated_for_a_year_without_pause_leave_no_gap_whatever_the_clocks_do() -> None:
    both = [
        turn("2026-06-01T08:00", "2026-06-01T20:00", "FREQ=DAILY"),
        turn("2026-06-01T20:00", "2026-06-02T08:00", "FREQ=DAILY", turn_id="t2"),
    ]
    start, end = utc("2026-06-02T00:00"), utc("2027-06-01T00:00")
    found = rota.stand(both, (), (), start, end)
    assert len(found) > 700
    assert rota.gaps([Span(one.starts, one.ends) for one in found], start, end) == []


def test_a_swap_gives_one_occurrence_to_another_and_the_next_stays() -> None:
    weekly = turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=WEEKLY")
    swaps = [Swap("t1", "2026-11-30T08:00", "ela")]
    found = rota.stand([weekly], swaps, (), utc("2026-11-23T00:00"), utc("2026-12-08T00:00"))
    assert [(one.wall[:10], one.member_id) for one in found] == [("2026-11-23", "ana"), ("2026-11-30", "ela"), ("2026-12-07", "ana")]


def test_an_occurrence_given_to_nobody_is_a_gap_and_the_last_change_counts() -> None:
    weekly = turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=WEEKLY")
    at = "2026-11-30T08:00"
    assert len(rota.stand([weekly], [Swap("t1", at, None)], (), utc("2026-11-29T00:00"), utc("2026-12-01T00:00"))) == 0
    again = rota.stand([weekly], [Swap("t1", at, None), Swap("t1", at, "ela")], (), utc("2026-11-29T00:00"), utc("2026-12-01T00:00"))
    assert [one.member_id for one in again] == ["ela"]


def test_an_absence_cuts_her_turn_and_nobody_elses() -> None:
    turns = [turn("2026-11-23T08:00", "2026-11-23T16:00"), turn("2026-11-23T08:00", "2026-11-23T16:00", who="ela", turn_id="t2")]
    away = [Absence("ana", utc("2026-11-23T09:00"), utc("2026-11-23T11:00"))]
    found = rota.stand(turns, (), away, utc("2026-11-23T00:00"), utc("2026-11-24T00:00"))
    assert [(one.member_id, one.starts.hour, one.ends.hour) for one in found] == [("ana", 7, 9), ("ela", 7, 15), ("ana", 11, 15)]


def test_who_stands_in_for_somebody_is_cut_by_her_own_absence() -> None:
    away = [Absence("ela", utc("2026-11-23T07:00"), utc("2026-11-23T15:00"))]
    swaps = [Swap("t1", "2026-11-23T08:00", "ela")]
    assert rota.stand([turn("2026-11-23T08:00", "2026-11-23T16:00")], swaps, away, utc("2026-11-23T00:00"), utc("2026-11-24T00:00")) == []


def test_a_removed_turn_keeps_what_has_begun_and_comes_no_more() -> None:
    daily = turn("2026-11-20T08:00", "2026-11-20T16:00", "FREQ=DAILY", removed_at=utc("2026-11-23T09:00"))
    found = rota.stand([daily], (), (), utc("2026-11-22T00:00"), utc("2026-11-27T00:00"))
    assert [one.wall[:10] for one in found] == ["2026-11-22", "2026-11-23"]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(turn("2026-11-23T08:00", "2026-11-23T08:00"), id="it ends when it starts"),
        pytest.param(turn("2026-11-23T08:00", "2026-11-26T08:00"), id="it is longer than two days"),
        pytest.param(turn("23.11.2026", "24.11.2026"), id="it is no day and time"),
        pytest.param(turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=SECONDLY"), id="it comes every second"),
        pytest.param(turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=WEEKLY;BYDAY=XX"), id="there is no such day"),
        pytest.param(turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=DAILY;INTERVAL=0"), id="it never moves on"),
        pytest.param(turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=DAILY;UNTIL=20261101T000000"), id="it ended before it began"),
        pytest.param(turn("2026-11-23T08:00", "2026-11-23T16:00", "RDATE:20261123T080000"), id="it is no rule"),
        pytest.param(turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=DAILY;BYHOUR=3"), id="it leaves its own hour"),
        pytest.param(
            turn("2026-11-23T08:00", "2026-11-23T16:00", "FREQ=DAILY;UNTIL=20261201T000000Z"),
            id="its end is in another zone than its start",
        ),
    ],
)
def test_a_turn_that_cannot_stand_is_refused(bad: Turn) -> None:
    with pytest.raises(BadTurn):
        rota.check(bad)


_SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=12)
T0 = utc("2026-11-23T00:00")


def _at(hours: int) -> datetime:
    return T0 + timedelta(hours=hours)


@given(_SPANS)
def test_what_is_covered_and_what_is_a_gap_are_all_of_the_time_and_never_overlap(lines: list[tuple[int, int]]) -> None:
    spans = [Span(_at(start), _at(start + length)) for start, length in lines]
    gaps = rota.gaps(spans, _at(0), _at(168))
    for hour in range(168):
        moment = _at(hour) + timedelta(minutes=30)
        covered = any(span.starts <= moment < span.ends for span in spans)
        open_ = any(gap.starts <= moment < gap.ends for gap in gaps)
        assert covered != open_


_TURN = st.tuples(
    st.integers(0, 6),
    st.integers(0, 23),
    st.integers(1, 30),
    st.sampled_from([None, "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2"]),
)
_AWAY = st.tuples(st.sampled_from(["ana", "ela"]), st.integers(0, 400), st.integers(1, 80))
_SWAP = st.tuples(st.integers(0, 3), st.integers(0, 20), st.sampled_from(["ana", "ela", None]))


@settings(max_examples=60)
@given(st.lists(_TURN, min_size=1, max_size=4), st.lists(_SWAP, max_size=4), st.lists(_AWAY, max_size=3))
def test_with_repeats_and_changes_coverage_is_the_union_of_who_stands(
    lines: list[tuple[int, int, int, str | None]], given_away: list[tuple[int, int, str | None]], aways: list[tuple[str, int, int]]
) -> None:
    """Against the plainest way to say it: every occurrence by itself, every hour asked for by itself. Over the night of 25 October 2026."""
    turns = []
    for n, (day, hour, length, repeat) in enumerate(lines):
        begins = datetime(2026, 10, 19) + timedelta(days=day, hours=hour)
        wall = "%Y-%m-%dT%H:%M"
        turns.append(
            turn(
                begins.strftime(wall), (begins + timedelta(hours=length)).strftime(wall), repeat, who=("ana", "ela")[n % 2], turn_id=f"t{n}"
            )
        )
    start, end = utc("2026-10-20T00:00"), utc("2026-11-03T00:00")
    planned = [one for each in turns for one in rota.stand([each], (), (), start - timedelta(days=3), end)]
    swaps = [
        Swap(one.turn_id, one.wall, to)
        for number, place, to in given_away
        for one in planned[(number * 7 + place) % max(1, len(planned)) :][:1]
    ]
    absences = [Absence(who, start + timedelta(hours=at), start + timedelta(hours=at + length)) for who, at, length in aways]
    found = rota.stand(turns, swaps, absences, start, end)
    gaps = rota.gaps([Span(one.starts, one.ends) for one in found], start, end)
    given_to = {(swap.turn_id, swap.occurrence): swap.to for swap in swaps}
    for hour in range(0, 14 * 24, 5):
        moment = start + timedelta(hours=hour, minutes=30)
        expected = set()
        for one in planned:
            who = given_to.get((one.turn_id, one.wall), one.member_id)
            away = any(absence.member_id == who and absence.starts <= moment < absence.ends for absence in absences)
            if who and one.starts <= moment < one.ends and not away:
                expected.add(who)
        assert {one.member_id for one in found if one.starts <= moment < one.ends} == expected
        assert any(gap.starts <= moment < gap.ends for gap in gaps) == (not expected)
