"""Ways to a member: proved, linked, guessed at, failing, removed. On both databases."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from sos.clock import ManualClock
from sos.db.database import Database
from sos.encryption import open_sealed
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.rooms import Rooms
from sos.staff.keys import staff_key
from sos.staff.reach import forgetting, queries, wording
from sos.staff.reach.errors import NotANumber, Registered, TooMany
from sos.staff.reach.models import WayRow
from sos.staff.reach.states import Fate
from sos.texts.segments import fits
from tests.staff.colleagues import add_member

CONFIG = Path(__file__).parents[3] / "config"
NUMBER = "+38344000101"


class Place:
    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.rooms = Rooms(database=database, keystore=keystore, clock=clock, config=CONFIG, demo=True)
        self.database, self.clock, self.reach = database, clock, self.rooms.reach
        self.ana = add_member(self.rooms, alias="Ana")
        self.ela = add_member(self.rooms, alias="Ela")

    def does(self, act: Callable[..., object], *args: object, **kwargs: object) -> object:
        with self.database.write() as unit:
            return act(unit, *args, **kwargs)

    def sees(self, query: Callable[..., object], *args: object) -> object:
        with self.database.read() as conn:
            return query(conn, *args)


@pytest.fixture
def place(database: Database, keystore: Keystore, clock: ManualClock) -> Place:
    return Place(database, keystore, clock)


def sent_to_staff(rooms: Rooms, after: int = 0) -> list[tuple[str, dict[str, object]]]:
    """(address, body) of all that waits for staff, oldest first; `after`: only what was queued later than this row."""
    key = staff_key(rooms.keystore)
    with rooms.database.read() as conn:
        rows = conn.execute(
            select(OutboxRow.__table__)
            .where(OutboxRow.key_kind == "staff", OutboxRow.body.is_not(None), OutboxRow.seq > after)
            .order_by(OutboxRow.seq)
        ).all()
    return [
        (
            open_sealed(key, row.address, table="outbox", column="address", row=row.id).decode(),
            json.loads(open_sealed(key, row.body, table="outbox", column="body", row=row.id)),
        )
        for row in rows
    ]


def code_in(rooms: Rooms) -> str:
    """The six digits of the last text."""
    found = re.search(r"\b\d{6}\b", str(sent_to_staff(rooms)[-1][1]["text"]))
    assert found
    return found[0]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_number_is_a_way_only_after_its_code(place: Place) -> None:
    place.does(place.reach.begin_sms, place.ana, "044 000 101")
    assert place.sees(place.reach.ways, place.ana) == []
    assert place.sees(place.reach.whose, "sms", NUMBER) is None
    assert sent_to_staff(place.rooms)[0][0] == NUMBER
    code = code_in(place.rooms)
    assert place.does(place.reach.confirm, place.ana, f" {code[:3]} {code[3:]} ")
    assert place.sees(place.reach.whose, "sms", NUMBER) == place.ana
    assert not place.does(place.reach.confirm, place.ana, code), "a code is good once"
    assert place.sees(place.reach.ending, place.sees(place.reach.ways, place.ana)[0].id) == "101"


def test_five_tries_are_all_that_a_code_has(place: Place) -> None:
    place.does(place.reach.begin_sms, place.ana, NUMBER)
    code = code_in(place.rooms)
    for _ in range(5):
        assert not place.does(place.reach.confirm, place.ana, other(code))
    assert not place.does(place.reach.confirm, place.ana, code)


def test_the_fifth_try_may_be_the_right_one(place: Place) -> None:
    place.does(place.reach.begin_sms, place.ana, NUMBER)
    code = code_in(place.rooms)
    for _ in range(4):
        assert not place.does(place.reach.confirm, place.ana, other(code))
    assert place.does(place.reach.confirm, place.ana, code)


def test_a_code_ends_after_a_quarter_of_an_hour(place: Place) -> None:
    place.does(place.reach.begin_sms, place.ana, NUMBER)
    code = code_in(place.rooms)
    place.clock.advance(minutes=15)
    assert not place.does(place.reach.confirm, place.ana, code)


def test_a_newer_code_ends_the_older_and_another_member_cannot_use_it(place: Place) -> None:
    place.does(place.reach.begin_sms, place.ana, NUMBER)
    older = code_in(place.rooms)
    place.does(place.reach.begin_sms, place.ana, NUMBER)
    newer = code_in(place.rooms)
    assert not place.does(place.reach.confirm, place.ela, newer)
    if older != newer:
        assert not place.does(place.reach.confirm, place.ana, older)
    assert place.does(place.reach.confirm, place.ana, newer)


def test_codes_to_strangers_numbers_are_few(place: Place) -> None:
    for n in range(5):
        place.does(place.reach.begin_sms, place.ana, f"+3834400010{n}")
    with pytest.raises(TooMany):
        place.does(place.reach.begin_sms, place.ana, "+38344000109")
    place.clock.advance(hours=25)
    place.does(place.reach.begin_sms, place.ana, "+38344000109")


@pytest.mark.parametrize("wrong", ["192", "hello", "", "+383 38 200 000", "+38344"])
def test_what_cannot_get_a_text_is_refused(place: Place, wrong: str) -> None:
    with pytest.raises(NotANumber):
        place.does(place.reach.begin_sms, place.ana, wrong)


def test_a_proved_number_belongs_to_one_member(place: Place) -> None:
    prove(place, place.ana)
    with pytest.raises(Registered):
        place.does(place.reach.begin_sms, place.ela, NUMBER)
    with pytest.raises(Registered):
        place.does(place.reach.begin_sms, place.ana, NUMBER)


def test_two_who_try_one_number_at_once_do_not_both_get_it(place: Place) -> None:
    place.does(place.reach.begin_sms, place.ana, NUMBER)
    first = code_in(place.rooms)
    place.does(place.reach.begin_sms, place.ela, NUMBER)
    second = code_in(place.rooms)
    assert place.does(place.reach.confirm, place.ana, first)
    assert not place.does(place.reach.confirm, place.ela, second)


def test_a_chat_is_linked_by_a_code_once(place: Place) -> None:
    code = str(place.does(place.reach.telegram_code, place.ana))
    assert place.does(place.reach.link, "555", other_letters(code)) is None
    assert place.does(place.reach.link, "555", code.lower()) == place.ana
    assert place.does(place.reach.link, "556", code) is None
    assert place.sees(place.reach.whose, "telegram", "555") == place.ana
    assert place.sees(place.reach.whose, "sms", "555") is None


def test_a_link_code_ends_after_a_quarter_of_an_hour(place: Place) -> None:
    code = str(place.does(place.reach.telegram_code, place.ana))
    place.clock.advance(minutes=15)
    assert place.does(place.reach.link, "555", code) is None


def test_a_chat_goes_with_whoever_has_the_code_now(place: Place) -> None:
    for member in (place.ana, place.ela):
        place.does(place.reach.link, "555", place.does(place.reach.telegram_code, member))
    assert place.sees(place.reach.whose, "telegram", "555") == place.ela
    assert place.sees(place.reach.ways, place.ana) == []


def test_only_its_owner_removes_a_way(place: Place) -> None:
    way = prove(place, place.ana)
    assert not place.does(place.reach.remove, place.ela, way.id)
    assert place.does(place.reach.remove, place.ana, way.id)
    assert place.sees(place.reach.whose, "sms", NUMBER) is None


def test_who_leaves_is_reached_no_more(place: Place) -> None:
    add_member(place.rooms, alias="Ida")
    prove(place, place.ana)
    with place.database.write() as unit:
        place.rooms.members.leave(unit, place.ana, by=place.ela)
    assert place.sees(place.reach.whose, "sms", NUMBER) is None


@pytest.mark.parametrize(
    ("fates", "failing"),
    [
        pytest.param([Fate.MISSED, Fate.MISSED], False, id="two failures are a bad minute"),
        pytest.param([Fate.MISSED] * 3, True, id="three in a row are a dead way"),
        pytest.param([Fate.MISSED, Fate.MISSED, Fate.SENT, Fate.MISSED], False, id="one that left begins the count anew"),
        pytest.param([Fate.FAILED], True, id="a refusal for good is enough"),
        pytest.param([Fate.MISSED] * 3 + [Fate.DELIVERED], False, id="one that arrives ends it"),
    ],
)
def test_a_dead_way_is_noticed_and_tried_again(place: Place, fates: list[Fate], failing: bool) -> None:
    way = prove(place, place.ana)
    for fate in fates:
        place.does(place.reach.fared, way.id, fate)
    [now] = place.sees(place.reach.ways, place.ana)
    assert (now.failing_since is not None) == failing
    assert [one.id for one in place.sees(queries.failing)] == ([way.id] if failing else [])
    assert (place.ana in place.sees(queries.working)) != failing
    before = len(sent_to_staff(place.rooms))
    place.does(place.reach.send, now, text="Task 12 waits.")
    assert len(sent_to_staff(place.rooms)) == before + 1


def test_no_number_stands_in_the_clear_anywhere(place: Place) -> None:
    prove(place, place.ana)
    with place.database.read() as conn:
        rows = conn.execute(select(WayRow.__table__)).all() + conn.execute(select(OutboxRow.__table__)).all()
    assert len(rows) > 1
    assert not any(b"44000101" in bytes(value) for row in rows for value in row if isinstance(value, bytes | memoryview))
    assert not any("44000101" in value for row in rows for value in row if isinstance(value, str))


def test_what_nobody_proved_is_forgotten(place: Place) -> None:
    place.does(place.reach.begin_sms, place.ana, NUMBER)
    place.clock.advance(minutes=16)
    place.does(forgetting.forget_old)
    assert place.sees(queries.all_ways, place.ana) == []


def test_a_page_on_telegram_has_a_button_and_a_sound_and_by_sms_words_alone(place: Place) -> None:
    sms = prove(place, place.ana)
    place.does(place.reach.link, "555", place.does(place.reach.telegram_code, place.ana))
    chat = next(way for way in place.sees(place.reach.ways, place.ana) if way.channel == "telegram")
    for way in (sms, chat):
        place.does(place.reach.send, way, text="Task 12 waits. To take it, answer: TAKE 12-4815", code="12-4815", button="TAKE 12-4815")
    by_sms, by_chat = (body for _, body in sent_to_staff(place.rooms)[-2:])
    assert "buttons" not in by_sms
    assert by_chat["buttons"] == [{"value": "TAKE 12-4815", "label": "Take"}]
    assert by_chat["sound"] is True


def test_every_sentence_to_staff_fits_one_sms() -> None:
    sentences = [
        wording.REFUSED,
        wording.LINKED,
        wording.TEST,
        wording.ROTA,
        wording.ORDINARY,
        wording.code("000000"),
        wording.taken(9_999_999),
    ]
    sentences.append(wording.taken_already(9_999_999))
    assert all(fits(one, 1) for one in sentences)


def prove(place: Place, member_id: str, number: str = NUMBER) -> queries.Way:
    place.does(place.reach.begin_sms, member_id, number)
    assert place.does(place.reach.confirm, member_id, code_in(place.rooms))
    return place.sees(place.reach.ways, member_id)[-1]


def other_letters(code: str) -> str:
    return ("3" if code[0] == "2" else "2") + code[1:]
