"""Promises 34 to 36: beds by reply, capacity that ages, holds, and the blind ask. Told as the staff of three houses and an operator lived it."""

import re

import pytest
from sqlalchemy import text

from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines.actions import fire_due
from sos.directory.matching.wish import Wish
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.shelters.asks.states import Need
from sos.shelters.confirming.settings import ShelterSettings
from sos.shelters.holds.actions import UnitNeed
from sos.shelters.units.states import UnitKind, UnitState
from sos.worker.schedule import handlers
from tests.shelters.hotline import CENTRE, Hotline, Shelter

pytestmark = pytest.mark.story
F, S = UnitKind.FAMILY_ROOM, UnitKind.SINGLE
AN_HOUR = 3600


@pytest.fixture
def hotline(database: Database, keystore: Keystore, clock: ManualClock) -> Hotline:
    return Hotline(database, keystore, clock)


def offered(hotline: Hotline, house: Shelter) -> list[str]:
    """Why an operator is offered this house now; empty where it is not offered by itself."""
    with hotline.database.read() as conn:
        wish = Wish(category=hotline.rooms.categories.by_slug["shelter"], country="XK", municipality="xk-peje", limit=50)
        matches = hotline.rooms.match_for_operator(conn, wish, hotline.clock.now()).matches
    return [reason.code for one in matches if one.id == house.service_id for reason in one.reasons]


def hours_pass(hotline: Hotline, hours: float) -> None:
    for _ in range(int(hours * 2)):
        hotline.passes(AN_HOUR / 2)


def test_34_drita_answers_the_question_in_the_corridor_and_the_operator_sees_it_at_once(hotline: Hotline) -> None:
    drita = hotline.shelter(1, "F1", "F2", "S1")
    hours_pass(hotline, 12)
    [(to, asked)] = [(to, said) for to, said in hotline.news() if "Empty rooms" in said] or [("", "")]
    if not asked:  # 13:00 and 12 hours is 01:00: the house sleeps until seven
        hours_pass(hotline, 6.5)
        [(to, asked)] = [(to, said) for to, said in hotline.news() if "Empty rooms" in said]
    assert to == drita.number
    assert "F2 S1" in asked
    code = re.search(r"Right: (\d{3}) ok", asked)[1]  # type: ignore[index]
    assert "capacity.call_to_confirm" in offered(hotline, drita)
    assert "Empty: F1 S1" in hotline.answers(drita, f"{code} f1, s1")
    assert "capacity.free" in offered(hotline, drita)
    assert hotline.free(drita) == {F: 1, S: 1}


def test_34_capacity_ages_with_the_half_life_of_its_house_until_it_is_not_offered_by_itself(hotline: Hotline) -> None:
    quick, slow = hotline.shelter(1), hotline.shelter(2)
    for house, hours in ((quick, 2.0), (slow, 24.0)):
        with hotline.database.write() as unit:
            hotline.rooms.confirming.choose(unit, house.service_id, ShelterSettings(fresh_hours=hours), by=house.member)
    seen = []
    for _ in range(3):
        seen.append(("capacity.free" in offered(hotline, quick), bool(offered(hotline, quick)), "capacity.free" in offered(hotline, slow)))
        hotline.clock.advance(seconds=4.5 * AN_HOUR)
    assert seen == [(True, True, True), (False, True, True), (False, False, True)]


def test_34_nobody_is_woken_for_a_count_and_everybody_for_somebody_who_needs_a_room(hotline: Hotline) -> None:
    house = hotline.shelter(1)
    hours_pass(hotline, 12.5)
    assert hotline.clock.now().hour == 0
    assert not [said for _, said in hotline.news() if "Empty rooms" in said]
    hotline.asks(Need(F), [house], case=hotline.sos())
    hotline.passes(91)
    assert [said for to, said in hotline.news() if to == house.number and said.startswith("Room?")]


def test_35_a_room_is_held_for_a_time_and_free_in_the_second_it_ends(hotline: Hotline) -> None:
    house = hotline.shelter(1, "F1")
    hotline.asks(Need(F), [house], case=hotline.sos())
    hotline.passes(91)
    assert "kept for 2 hours" in hotline.answers(house, f"{hotline.codes()[house.number]} yes")
    assert hotline.states(house) == {"F1": UnitState.HELD}
    hotline.passes(2 * AN_HOUR)
    assert hotline.states(house) == {"F1": UnitState.FREE}


def test_35_yes_subject_to_the_centre_for_social_work_is_no_room_until_the_centre_agrees(hotline: Hotline) -> None:
    house = hotline.shelter(1, "F1", gatekeeper=CENTRE)
    hotline.asks(Need(F), [house], case=hotline.sos())
    hotline.passes(91)
    assert "until the gatekeeper decides" in hotline.answers(house, f"{hotline.codes()[house.number]} yes")
    with hotline.database.read() as conn:
        settings = hotline.rooms.confirming.settings(conn, house.service_id)
        state, hold = conn.execute(text("SELECT state, id FROM holds")).one()
    assert settings.gatekeeper.night == "+383 44 000 112 by night"
    assert state == "subject"
    with hotline.database.write() as unit:
        hotline.rooms.holds.agree(unit, hold, by=hotline.mira)
        hotline.rooms.holds.take_up(unit, hold, by=house.member)
    assert hotline.states(house) == {"F1": UnitState.OCCUPIED}


def test_35_a_held_room_is_never_told_to_matching_as_taken(hotline: Hotline) -> None:
    """A number that falls in the night would tell that somebody has come."""
    house = hotline.shelter(1, "F1")
    before = offered(hotline, house)
    with hotline.database.write() as unit:
        until = unit.now.replace(hour=23)
        hotline.rooms.holds.hold(unit, house.service_id, UnitNeed(F), case="c" * 32, until=until, by=hotline.mira)
    assert offered(hotline, house) == before


def test_36_mira_asks_three_houses_at_once_and_none_hears_more_than_what_the_room_must_be_like(hotline: Hotline) -> None:
    houses = [hotline.shelter(n, "F1") for n in (1, 2, 3)]
    case = hotline.sos()
    hotline.asks(Need(F, beds=2, boy_over_12=False, interpreter="sq"), houses, case=case)
    hotline.passes(91)
    news = hotline.news()
    assert {to for to, _ in news} == {house.number for house in houses}
    for _, said in news:
        said_without_code = re.sub(r"\b\d{3}\b", "CODE", said)
        assert said_without_code == (
            "Room? family room, 2 beds, Albanian interpreter. Reply CODE yes, CODE no full, or CODE hold (gatekeeper decides)."
        )
    assert len({re.search(r"Reply (\d{3})", said)[1] for _, said in news}) >= 2  # type: ignore[index]


def test_36_the_first_yes_goes_to_mira_and_the_others_hear_that_it_is_no_longer_needed(hotline: Hotline) -> None:
    houses = [hotline.shelter(n, "F1") for n in (1, 2, 3)]
    hotline.asks(Need(F), houses, case=hotline.sos())
    hotline.passes(91)
    codes = hotline.codes()
    assert "Noted" in hotline.answers(houses[0], f"{codes[houses[0].number]} no full")
    assert "kept" in hotline.answers(houses[1], f"{codes[houses[1].number]} yes")
    assert "no longer needed" in hotline.answers(houses[2], f"{codes[houses[2].number]} yes")
    assert "place_found" in hotline.tasks()
    hotline.passes(91)
    assert not [said for to, said in hotline.news() if to == houses[1].number], "whoever said yes is not told that it is over"
    assert hotline.states(houses[1]) == {"F1": UnitState.HELD}
    assert hotline.states(houses[2]) == {"F1": UnitState.FREE}


def test_36_two_asks_of_one_person_cannot_be_linked_by_what_lies_in_the_database(hotline: Hotline) -> None:
    houses = [hotline.shelter(n, "F1") for n in (1, 2, 3)]
    case = hotline.sos()
    hotline.asks(Need(F), houses, case=case)
    hotline.passes(91)
    codes = hotline.codes()
    hotline.answers(houses[0], f"{codes[houses[0].number]} yes")
    with hotline.database.read() as conn:
        rows = [dict(row) for row in conn.execute(text("SELECT * FROM asks")).mappings()]
        dues = list(conn.execute(text("SELECT due FROM deadlines WHERE kind LIKE 'ask.%'")).scalars())
    for column in ("id", "shelter", "code", "send_at", "answered_at", "body"):
        shared = [row[column] for row in rows if row[column] is not None]
        assert len(set(map(str, shared))) == len(shared), column
    assert len(set(map(str, dues))) == len(dues)
    assert not [row for row in rows if case in str(row)]


def test_36_a_house_that_refuses_a_group_is_looked_at_by_a_supervisor(hotline: Hotline) -> None:
    house = hotline.shelter(1)
    hotline.asks(Need(F), [house], case=hotline.sos())
    hotline.passes(91)
    hotline.answers(house, f"{hotline.codes()[house.number]} no group")
    assert {"group_refused", "no_place"} <= set(hotline.tasks())


def test_36_silence_widens_the_ring(hotline: Hotline) -> None:
    near, far = hotline.shelter(1), hotline.shelter(2)
    hotline.asks(Need(F), [near], [far], case=hotline.sos())
    hotline.passes(91)
    assert set(hotline.codes()) == {near.number}
    hotline.passes(25 * 60)
    hotline.passes(91)
    codes = hotline.codes()
    assert far.number in codes
    assert "kept" in hotline.answers(far, f"{codes[far.number]} yes")


def test_34_to_36_no_text_to_a_shelter_goes_to_a_survivor_and_none_expires(hotline: Hotline) -> None:
    house = hotline.shelter(1)
    hotline.asked_by_text(house)
    assert hotline.line.count(OutboxRow, OutboxRow.survivor_id.is_not(None)) == 0
    assert not fire_due(hotline.database, handlers(hotline.rooms))
