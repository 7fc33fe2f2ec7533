"""A hold keeps one unit for one case, once, for a time - under any race."""

import multiprocessing
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database
from sos.db.migrate import upgrade
from sos.db.statements import AlreadyMoved
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from sos.shelters.holds import queries
from sos.shelters.holds.actions import KIND, Holds, UnitNeed
from sos.shelters.holds.errors import NoneFree, NoSuchHold
from sos.shelters.holds.states import Hold
from sos.shelters.units import queries as units
from sos.shelters.units.actions import Units
from sos.shelters.units.errors import Unclear
from sos.shelters.units.states import UnitKind, UnitState
from sos.transitions import IllegalMove
from tests.conftest import START
from tests.shelters.units_house import ANA, FAMILY, SINGLE, House, a_card, a_house_with_units

CASE = "c" * 32
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def house(database: Database, keystore: Keystore) -> House:
    return a_house_with_units(database, keystore)


def hold(house: House, need: UnitNeed = SINGLE, *, case: str = CASE, subject: bool = False) -> str:
    with house.database.write() as unit:
        made = house.holds.hold(unit, house.service_id, need, case=case, until=unit.now + AN_HOUR, by=ANA, subject_to_gatekeeper=subject)
        return made.id


def states(house: House) -> dict[str, UnitState]:
    with house.database.read() as conn:
        return {one.card.label: one.state for one in units.kept(conn, house.keystore.place_key, house.service_id)}


def test_a_lapsed_hold_frees_its_unit_at_once_and_only_once(house: House, clock: ManualClock) -> None:
    made = hold(house)
    assert states(house)["S1"] is UnitState.HELD
    clock.advance(seconds=3601)
    assert fire_due(house.database, {KIND: house.holds.fire}) == 1
    assert fire_due(house.database, {KIND: house.holds.fire}) == 0
    assert states(house)["S1"] is UnitState.FREE
    with house.database.read() as conn:
        found = queries.standing(conn, made)
    assert found is not None
    assert found.state is Hold.LAPSED


def test_a_declined_or_released_hold_frees_at_once_and_its_time_no_longer_counts(house: House, clock: ManualClock) -> None:
    for end in (house.holds.decline, house.holds.release):
        made = hold(house)
        with house.database.write() as unit:
            end(unit, made, by=ANA)
        assert states(house)["S1"] is UnitState.FREE
    again = hold(house)
    clock.advance(seconds=3601)
    assert fire_due(house.database, {KIND: house.holds.fire}) == 1, "only the last one's"
    with house.database.write() as unit, pytest.raises(IllegalMove):
        house.holds.take_up(unit, again, by=ANA)


def test_yes_subject_to_the_gatekeeper_is_held_until_the_gatekeeper_answers(house: House) -> None:
    made = hold(house, subject=True)
    with house.database.write() as unit:
        with pytest.raises(IllegalMove):
            house.holds.take_up(unit, made, by=ANA)
        house.holds.agree(unit, made, by=ANA)
        house.holds.take_up(unit, made, by=ANA)
    assert states(house)["S1"] is UnitState.OCCUPIED


def test_what_does_not_suit_is_not_held(house: House, database: Database) -> None:
    with database.write() as unit:
        for need in (
            UnitNeed(UnitKind.FAMILY_ROOM, boy_age=13),
            UnitNeed(UnitKind.FAMILY_ROOM, step_free=True),
            UnitNeed(UnitKind.SINGLE, beds=2),
            UnitNeed(UnitKind.SINGLE, pets=True),
            UnitNeed(UnitKind.CRISIS),
        ):
            with pytest.raises(NoneFree):
                house.holds.hold(unit, house.service_id, need, case=CASE, until=unit.now + AN_HOUR, by=ANA)
        house.holds.hold(unit, house.service_id, UnitNeed(UnitKind.FAMILY_ROOM, boy_age=12), case=CASE, until=unit.now + AN_HOUR, by=ANA)
        with pytest.raises(NoSuchHold):
            house.holds.release(unit, "f" * 32, by=ANA)


def test_two_hundred_hands_reach_for_the_last_bed_and_one_gets_it(house: House) -> None:
    got, refused, start = [], [], threading.Barrier(200)

    def reach(n: int) -> None:
        start.wait()
        try:
            got.append(hold(house, case=f"{n:032d}"))
        except NoneFree:
            refused.append(n)

    hands = [threading.Thread(target=reach, args=(n,)) for n in range(200)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(got) == 1
    assert len(refused) == 199
    with house.database.read() as conn:
        (unit_id,) = [one.id for one in units.kept(conn, house.keystore.place_key, house.service_id) if one.card.label == "S1"]
        assert [one.id for one in queries.open_on(conn, [unit_id])] == got


def _reach_often(url: str, keys: str, service_id: str, results: "multiprocessing.Queue[int]") -> None:
    database = Database(url, ManualClock(START))
    keystore = Keystore.open(Path(keys))
    vault, audit = Vault(keystore.place_key), Audit(keystore.audit_key)
    shelters = Units(lambda: keystore.place_key, lambda: vault, audit, today=lambda unit: unit.now.date())
    holds, made = Holds(lambda: keystore.place_key, shelters, audit), 0
    for n in range(25):
        try:
            with database.write() as unit:
                holds.hold(unit, service_id, FAMILY, case=f"{n:032d}", until=unit.now + AN_HOUR, by=ANA)
                made += 1
        except NoneFree:
            continue
    database.dispose()
    results.put(made)


def test_four_processes_never_hold_more_units_than_there_are(database: Database, keystore: Keystore) -> None:
    house = a_house_with_units(database, keystore, labels=tuple(f"F{n}" for n in range(10)))
    spawn = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[int] = spawn.Queue()
    url = database.engine.url.render_as_string(hide_password=False)
    hands = [spawn.Process(target=_reach_often, args=(url, str(keystore.folder), house.service_id, results)) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert sum(results.get(timeout=5) for _ in hands) == 10
    assert set(states(house).values()) == {UnitState.HELD}


class Beds(RuleBasedStateMachine):
    """Any order of holding, agreeing, arriving, ending, counting and waiting: no bed below zero, none held twice."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock(START)
        file = Path(self.folder.name) / "sos.db"
        self.database = Database(f"sqlite:///{file}", self.clock)
        upgrade(self.database)
        self.house = a_house_with_units(self.database, Keystore.create(Path(self.folder.name) / "keys", now=self.clock.now()))
        self.made: list[str] = []

    @initialize()
    def begin(self) -> None:
        self.made = []

    @rule(need=st.sampled_from([FAMILY, SINGLE, UnitNeed(UnitKind.FAMILY_ROOM, boy_age=14)]), subject=st.booleans())
    def hold(self, need: UnitNeed, subject: bool) -> None:
        try:
            self.made.append(hold(self.house, need, subject=subject))
        except NoneFree:
            assert need.boy_age == 14 or all(
                state is not UnitState.FREE for label, state in states(self.house).items() if label[0] == need.kind.code
            )

    @precondition(lambda self: bool(self.made))
    @rule(data=st.data(), how=st.sampled_from(["agree", "take_up", "release", "decline"]))
    def move(self, data: st.DataObject, how: str) -> None:
        with self.database.write() as unit:
            try:
                with unit.savepoint():
                    getattr(self.house.holds, how)(unit, data.draw(st.sampled_from(self.made)), by=ANA)
            except (IllegalMove, AlreadyMoved):
                pass

    @rule(n=st.integers(0, 3), kind=st.sampled_from([UnitKind.FAMILY_ROOM, UnitKind.SINGLE]))
    def count(self, n: int, kind: UnitKind) -> None:
        try:
            with self.database.write() as unit:
                self.house.units.confirm(unit, self.house.service_id, {kind: n}, by=ANA, via="sms")
        except Unclear:
            pass

    @rule(minutes=st.integers(1, 90))
    def wait(self, minutes: int) -> None:
        self.clock.advance(seconds=minutes * 60)
        fire_due(self.database, {KIND: self.house.holds.fire})

    @invariant()
    def each_held_unit_has_one_hold_and_each_open_hold_a_unit(self) -> None:
        with self.database.read() as conn:
            rooms = units.kept(conn, self.house.keystore.place_key, self.house.service_id)
            on = [one.unit_id for one in queries.open_on(conn, [room.id for room in rooms])]
            free = units.free(conn, self.house.keystore.place_key, self.house.service_id, self.clock.now().date())
        assert sorted(on) == sorted(room.id for room in rooms if room.state is UnitState.HELD)
        assert all(count >= 0 for count in free.values())
        assert sum(free.values()) + len(on) <= len(rooms)

    def teardown(self) -> None:
        self.database.dispose()
        self.folder.cleanup()


TestBeds = Beds.TestCase
TestBeds.settings = settings(max_examples=15, stateful_step_count=30)


def test_a_card_of_the_house_is_built_for_every_kind() -> None:
    assert {a_card(f"{kind.code}1").kind for kind in UnitKind} == set(UnitKind)
