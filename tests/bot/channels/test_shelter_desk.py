"""Shelter staff who answer from their phones, through the real inbox: only from their own ways, only for their own house, confirmed back."""

import pytest

from sos.alerts.models import AlertRow
from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.shelters import wording
from sos.shelters.asks.states import Need
from sos.shelters.units.states import UnitKind
from sos.staff.members.states import Role
from sos.staff.reach import wording as staff_wording
from tests.shelters.hotline import Hotline, Shelter

F, S = UnitKind.FAMILY_ROOM, UnitKind.SINGLE
STRANGER = "+38344000199"


@pytest.fixture
def hotline(database: Database, keystore: Keystore, clock: ManualClock) -> Hotline:
    return Hotline(database, keystore, clock)


@pytest.fixture
def house(hotline: Hotline) -> Shelter:
    return hotline.shelter(1)


def test_a_count_is_taken_and_confirmed_back(hotline: Hotline, house: Shelter) -> None:
    code = hotline.asked_by_text(house)
    assert hotline.answers(house, f"{code} F1") == "Noted 13:00. Empty: F1 S1. Thank you."
    assert hotline.free(house) == {F: 1, S: 1}
    assert hotline.survivors() == 0


def test_what_is_not_clear_is_asked_again_with_an_example_once(hotline: Hotline, house: Shelter) -> None:
    code = hotline.asked_by_text(house)
    assert hotline.answers(house, f"{code} held") == wording.again(code, {F: 2, S: 1})
    assert hotline.answers(house, f"{code} 7") == wording.STILL_UNCLEAR
    assert hotline.free(house) == {F: 2, S: 1}
    assert "Noted" in hotline.answers(house, f"{code} ok")


def test_a_stranger_with_the_right_code_changes_nothing(hotline: Hotline, house: Shelter) -> None:
    code = hotline.asked_by_text(house)
    hotline.texts(f"{code} F0", sender=STRANGER)
    assert hotline.free(house) == {F: 2, S: 1}
    assert hotline.survivors() == 1, "somebody who writes is somebody who may need help"


def test_the_staff_of_another_house_change_nothing(hotline: Hotline, house: Shelter) -> None:
    other = hotline.shelter(2)
    code = hotline.asked_by_text(house)
    assert hotline.answers(other, f"{code} F0") == wording.NOT_YOURS
    assert hotline.free(house) == hotline.free(other) == {F: 2, S: 1}


@pytest.mark.parametrize("keeps_the_house", [False, True])
def test_whoever_left_the_house_or_its_work_is_heard_no_more(hotline: Hotline, house: Shelter, keeps_the_house: bool) -> None:
    code = hotline.asked_by_text(house)
    with hotline.database.write() as unit:
        service = house.service_id if keeps_the_house else None
        roles = [Role.DIRECTORY_EDITOR] if keeps_the_house else [Role.SHELTER_STAFF]
        hotline.rooms.members.change(unit, house.member, roles=roles, languages=(), countries=(), service_id=service, by="system")
    assert hotline.answers(house, f"{code} F0") == staff_wording.ORDINARY
    assert hotline.free(house) == {F: 2, S: 1}


def test_wrong_codes_are_counted_and_then_not_answered(hotline: Hotline, house: Shelter) -> None:
    right = hotline.asked_by_text(house)
    wrong = [code for code in ("771", "772", "773", "774", "775", "776") if code != right][:5]
    assert [hotline.answers(house, f"{code} F0") for code in wrong] == [wording.NOT_YOURS] * 5
    assert hotline.answers(house, f"{right} F0") == ""
    assert hotline.free(house) == {F: 2, S: 1}


def test_a_cry_for_help_from_a_staff_phone_is_an_sos_whatever_it_begins_with(hotline: Hotline, house: Shelter) -> None:
    code = hotline.asked_by_text(house)
    hotline.texts(f"{code} SOS he is at the door", sender=house.number)
    assert hotline.line.count(AlertRow) == 1
    assert hotline.free(house) == {F: 2, S: 1}


def test_an_ask_is_answered_yes_no_or_hold(hotline: Hotline, house: Shelter) -> None:
    case = hotline.sos()
    for text, said, left in (
        ("yes", wording.yes_noted(held=True, subject=False), {F: 1, S: 1}),
        ("hold", wording.yes_noted(held=True, subject=True), {F: 0, S: 1}),
        ("no full", wording.NOTED_NO, {F: 0, S: 1}),
    ):
        hotline.asks(Need(F), [house], case=case)
        hotline.passes(91)
        code = hotline.codes()[house.number]
        assert hotline.answers(house, f"{code} maybe") == wording.ask_again(code)
        assert hotline.answers(house, f"{code} {text}") == said
        assert hotline.free(house) == left
        assert hotline.answers(house, f"{code} yes") == wording.TOO_LATE
    assert set(hotline.tasks()) >= {"place_found", "no_place"}


def test_a_house_with_a_gatekeeper_never_says_more_than_subject_to_it(hotline: Hotline) -> None:
    from tests.shelters.hotline import CENTRE

    house = hotline.shelter(3, gatekeeper=CENTRE)
    hotline.asks(Need(F), [house], case=hotline.sos())
    hotline.passes(91)
    assert hotline.answers(house, f"{hotline.codes()[house.number]} yes") == wording.yes_noted(held=True, subject=True)


def test_a_chat_has_buttons_for_every_answer(hotline: Hotline, house: Shelter) -> None:
    from tests.staff.reach.test_reach import sent_to_staff

    with hotline.database.write() as unit:
        hotline.rooms.reach.link(unit, "555", hotline.rooms.reach.telegram_code(unit, house.member))
    hotline.asks(Need(F), [house], case=hotline.sos())
    hotline.passes(91)
    [buttons] = [body["buttons"] for to, body in sent_to_staff(hotline.rooms) if to == "555" and "buttons" in body]
    values = [str(button["value"]).partition(" ")[2] for button in buttons]  # type: ignore[union-attr,index]
    assert values[:2] == ["yes", "hold"]
    assert len(values) == 10
    assert all(len(str(button["value"]).encode()) <= 64 for button in buttons)  # type: ignore[union-attr,index]
