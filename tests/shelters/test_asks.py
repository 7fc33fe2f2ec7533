"""The blind ask: unit needs only, several shelters at once, the first suitable yes, and nothing that links two asks of one person."""

import dataclasses
import json
import random
import threading
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.db.statements import AlreadyMoved
from sos.deadlines.actions import fire_due
from sos.directory.entries import HiddenEntry
from sos.keys.keystore import Keystore
from sos.shelters.asks.actions import PATIENCE, SEND, THANKS, TIMEOUT, Asks
from sos.shelters.asks.errors import NobodyToAsk, NoSuchAsk
from sos.shelters.asks.states import LANGUAGES, Need, No
from sos.shelters.holds import queries as holds
from sos.shelters.units.states import UnitKind
from tests.directory.builders import a_place, a_service
from tests.shelters.units_house import ANA, House, a_card, a_house_with_units

CASE = "c" * 32
NEED = Need(UnitKind.FAMILY_ROOM, beds=1, boy_over_12=False)


@dataclass
class Heard:
    """What shelters and operators were told."""

    asked: dict[str, tuple[str, str, Need]] = field(default_factory=dict)
    """service -> (ask id, code, need)"""
    not_needed_any_more: list[str] = field(default_factory=list)
    found_for: list[str] = field(default_factory=list)
    nobody_for: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def ask(self, unit: Unit, service_id: str, ask_id: str, code: str, need: Need) -> None:
        self.asked[service_id] = ask_id, code, need

    def not_needed(self, unit: Unit, service_id: str, code: str) -> None:
        self.not_needed_any_more.append(service_id)

    def found(self, unit: Unit, case: str, round_id: str) -> None:
        self.found_for.append(case)

    def nobody(self, unit: Unit, case: str, round_id: str) -> None:
        self.nobody_for.append(case)

    def group_refused(self, unit: Unit, ask_id: str) -> None:
        self.refused.append(ask_id)


class Town:
    """Four shelters, each with one family room."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.database, self.clock, self.heard, self.keystore = database, clock, Heard(), keystore
        self.first: House = a_house_with_units(database, keystore, labels=("F1",))
        self.shelters = [self.first.service_id]
        with database.write() as unit:
            for n in (2, 3, 4):
                service = a_service(n, name="House", category="shelter", places=(a_place(n),))
                self.first.vault.keep(unit, HiddenEntry(service, front_gate="+383 44 000 101"))
                self.first.units.add(unit, service.id, a_card("F1"), by=ANA)
                self.shelters.append(service.id)
        self.asks = Asks(lambda: keystore.place_key, self.first.holds, self.heard, Audit(keystore.audit_key), chance=random.Random(7))

    def begin(self, *rings: list[int], need: Need = NEED, case: str = CASE) -> str:
        with self.database.write() as unit:
            return self.asks.begin(unit, case=case, need=need, rings=[[self.shelters[n] for n in ring] for ring in rings], by=ANA)

    def tick(self, seconds: float = 91) -> None:
        self.clock.advance(seconds=seconds)
        handlers = {SEND: self.asks.fire_send, TIMEOUT: self.asks.fire_timeout, THANKS: self.asks.fire_thanks}
        while fire_due(self.database, handlers):
            pass

    def yes(self, n: int, *, subject: bool = False) -> tuple[bool, bool]:
        service = self.shelters[n]
        with self.database.write() as unit:
            answered = self.asks.say_yes(unit, service, self.heard.asked[service][0], by=ANA, subject=subject)
            return answered.needed, answered.held

    def no(self, n: int, reason: No = No.FULL) -> None:
        service = self.shelters[n]
        with self.database.write() as unit:
            self.asks.say_no(unit, service, self.heard.asked[service][0], reason, by=ANA)

    def open_holds(self) -> int:
        with self.database.read() as conn:
            ids = conn.execute(text("SELECT id FROM units")).scalars().all()
            return len(holds.open_on(conn, ids))


@pytest.fixture
def town(database: Database, keystore: Keystore, clock: ManualClock) -> Town:
    return Town(database, keystore, clock)


def test_several_are_asked_at_once_and_the_first_yes_holds_a_room_and_frees_the_others(town: Town) -> None:
    town.begin([0, 1, 2])
    assert not town.heard.asked, "each leaves at a moment of its own"
    town.tick()
    assert set(town.heard.asked) == set(town.shelters[:3])
    assert town.yes(1) == (True, True)
    assert town.heard.found_for == [CASE]
    assert not town.heard.not_needed_any_more, "each at a moment of its own"
    with pytest.raises(NoSuchAsk):
        town.yes(2)
    town.tick()
    assert sorted(town.heard.not_needed_any_more) == sorted([town.shelters[0], town.shelters[2]])
    assert town.open_holds() == 1
    with pytest.raises(NoSuchAsk):
        town.yes(0)


def test_two_shelters_that_say_yes_in_the_same_moment_hold_one_room(town: Town) -> None:
    for _ in range(5):
        town.heard.asked.clear()
        round_id = town.begin([0, 1, 2, 3])
        town.tick()
        start, answers = threading.Barrier(4), []

        def answer(n: int, start: threading.Barrier = start, answers: list[object] = answers) -> None:
            start.wait()
            try:
                answers.append(town.yes(n))
            except NoSuchAsk:
                answers.append("late")

        hands = [threading.Thread(target=answer, args=(n,)) for n in range(4)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join(30)
        assert len(answers) == 4
        assert answers.count((True, True)) == 1
        assert town.open_holds() == 1
        with town.database.write() as unit:
            town.asks.end(unit, round_id, by=ANA)
        assert town.open_holds() == 0


def test_when_nobody_answers_or_all_say_no_the_ring_widens_and_then_a_person_is_told(town: Town) -> None:
    town.begin([0], [1, 2])
    town.tick()
    town.no(0, No.GROUP_REFUSED)
    assert town.heard.refused == [town.heard.asked[town.shelters[0]][0]], "a supervisor looks at it"
    town.tick()
    assert set(town.heard.asked) == set(town.shelters[:3])
    town.no(1, No.STAFF_SHORT)
    assert not town.heard.nobody_for
    town.tick(PATIENCE.total_seconds() + 200)
    assert town.heard.nobody_for == [CASE]
    with pytest.raises(NoSuchAsk):
        town.yes(2)


def test_a_place_that_she_does_not_want_is_let_go_and_the_next_ring_asked(town: Town) -> None:
    round_id = town.begin([0], [1])
    town.tick()
    town.yes(0)
    with town.database.write() as unit:
        town.asks.kin_checked(unit, town.heard.asked[town.shelters[0]][0], found=True, by=ANA)
        town.asks.go_on(unit, round_id, by=ANA)
    assert town.open_holds() == 0
    town.tick()
    assert town.yes(1, subject=True) == (True, True)
    with town.database.write() as unit:
        town.asks.settle(unit, round_id, by=ANA)
        with pytest.raises(AlreadyMoved):
            town.asks.end(unit, round_id, by=ANA)
    assert town.open_holds() == 1


def test_a_yes_without_a_free_room_on_the_list_still_reaches_a_person(town: Town) -> None:
    town.begin([0], need=Need(UnitKind.FAMILY_ROOM, step_free=True))
    town.tick()
    assert town.yes(0) == (True, False)
    assert town.heard.found_for == [CASE]


def test_nobody_answers_for_another_house(town: Town) -> None:
    town.begin([0])
    town.tick()
    ask_id, code, _ = town.heard.asked[town.shelters[0]]
    with town.database.write() as unit:
        with pytest.raises(NoSuchAsk):
            town.asks.say_yes(unit, town.shelters[1], ask_id, by=ANA)
        with pytest.raises(NoSuchAsk):
            town.asks.by_code(unit, town.shelters[1], code)
        assert town.asks.by_code(unit, town.shelters[0], code) == ask_id


def test_a_round_names_shelters_and_none_twice(town: Town) -> None:
    for rings in ([], [[]], [[0], [0]], [[0], []]):
        with pytest.raises(NobodyToAsk):
            town.begin(*rings)


def test_two_asks_of_one_person_share_nothing(town: Town) -> None:
    town.begin([0, 1, 2, 3])
    town.tick()
    with town.database.read() as conn:
        rows = [dict(row) for row in conn.execute(text("SELECT * FROM asks")).mappings()]
        fired = [
            row.fired_at for row in conn.execute(text("SELECT due AS fired_at FROM deadlines WHERE kind IN ('ask.send', 'ask.timeout')"))
        ]
    for column in ("id", "shelter", "body", "send_at", "code"):
        assert len({str(row[column]) for row in rows}) == 4, column
    assert len(set(map(str, fired))) == len(fired)
    assert CASE not in json.dumps([str(row) for row in rows])


def test_the_order_of_leaving_is_of_chance(town: Town) -> None:
    orders = set()
    for _ in range(6):
        town.heard.asked.clear()
        round_id = town.begin([0, 1, 2, 3])
        for _ in range(95):
            town.tick(1)
        orders.add(tuple(town.heard.asked))
        with town.database.write() as unit:
            town.asks.end(unit, round_id, by=ANA)
    assert len(orders) > 1


def test_a_need_has_no_field_for_who_she_is() -> None:
    assert {one.name for one in dataclasses.fields(Need)} == {"kind", "beds", "step_free", "boy_over_12", "interpreter"}


@given(
    kind=st.sampled_from(UnitKind),
    beds=st.integers(1, 20),
    step_free=st.booleans(),
    boy=st.booleans(),
    interpreter=st.none() | st.sampled_from(sorted(LANGUAGES)),
)
def test_no_other_field_gets_into_a_payload(kind: UnitKind, beds: int, step_free: bool, boy: bool, interpreter: str | None) -> None:
    need = Need(kind, beds, step_free, boy, interpreter)
    assert set(need.as_plain()) == {"kind", "beds", "step_free", "boy_over_12", "interpreter"}
    assert Need.from_plain(need.as_plain()) == need
    with pytest.raises(TypeError):
        Need(**(need.as_plain() | {"ethnicity": "x"}))


@pytest.mark.parametrize("wrong", [{"beds": 0}, {"beds": 21}, {"interpreter": "her mother tongue"}])
def test_a_need_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must be between|one of ours"):
        Need(UnitKind.SINGLE, **wrong)  # type: ignore[arg-type]
