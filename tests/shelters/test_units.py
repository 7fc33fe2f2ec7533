"""Units of a shelter: counts follow from them, an impossible count is asked again, and nothing tells which house it is."""

import pytest
from sqlalchemy import text

from sos.clock import ManualClock
from sos.db.database import Database
from sos.db.statements import AlreadyMoved
from sos.keys.keystore import Keystore
from sos.shelters.queries import Cards
from sos.shelters.units import queries
from sos.shelters.units.errors import NoSuchUnit, Unclear
from sos.shelters.units.states import MOVES, UnitKind, UnitState
from sos.transitions import IllegalMove
from tests.shelters.units_house import ANA, FAMILY, House, a_card, a_house_with_units, day


@pytest.fixture
def house(database: Database, keystore: Keystore) -> House:
    return a_house_with_units(database, keystore)


def free(house: House) -> dict[UnitKind, int]:
    with house.database.read() as conn:
        return dict(queries.free(conn, house.keystore.place_key, house.service_id, house.database.clock.now().date()))


def confirm(house: House, counts: dict[UnitKind, int]) -> dict[UnitKind, int]:
    with house.database.write() as unit:
        return dict(house.units.confirm(unit, house.service_id, counts, by=ANA, via="web").empty)


def test_counts_follow_from_the_units(house: House) -> None:
    assert free(house) == {UnitKind.FAMILY_ROOM: 2, UnitKind.SINGLE: 1}
    assert confirm(house, {UnitKind.FAMILY_ROOM: 1}) == {UnitKind.FAMILY_ROOM: 1, UnitKind.SINGLE: 1}
    assert free(house) == {UnitKind.FAMILY_ROOM: 1, UnitKind.SINGLE: 1}
    assert confirm(house, {UnitKind.FAMILY_ROOM: 2, UnitKind.SINGLE: 0}) == {UnitKind.FAMILY_ROOM: 2, UnitKind.SINGLE: 0}


def test_a_room_out_of_order_or_outside_its_season_is_not_counted(house: House) -> None:
    with house.database.write() as unit:
        winter = house.units.add(unit, house.service_id, a_card("C1", closes_on=day("2026-11-22")), by=ANA)
        (room,) = [one for one in queries.kept(unit.conn, house.keystore.place_key, house.service_id) if one.card.label == "S1"]
        house.units.set_state(unit, house.service_id, room.id, "break", by=ANA)
    assert sum(free(house).values()) == 2
    with house.database.write() as unit:
        house.units.change(unit, house.service_id, winter, a_card("C1", closes_on=day("2026-11-23")), by=ANA)
        house.units.set_state(unit, house.service_id, room.id, "mend", by=ANA)
    assert sum(free(house).values()) == 4


@pytest.mark.parametrize(
    ("counts", "why"),
    [({UnitKind.FAMILY_ROOM: 3}, "more than there are"), ({UnitKind.CRISIS: 1}, "a kind that this house does not have")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_count_that_cannot_be_is_refused_and_changes_nothing(house: House, counts: dict[UnitKind, int], why: str) -> None:
    before = free(house)
    with pytest.raises(Unclear):
        confirm(house, {UnitKind.SINGLE: 0} | counts)
    assert free(house) == before, why


def test_fewer_empty_rooms_than_are_held_is_unclear(house: House, database: Database) -> None:
    with database.write() as unit:
        house.holds.hold(unit, house.service_id, FAMILY, case="c" * 32, until=unit.now.replace(hour=23), by=ANA)
    with pytest.raises(Unclear):
        confirm(house, {UnitKind.FAMILY_ROOM: 0})
    assert confirm(house, {UnitKind.FAMILY_ROOM: 1}) == {UnitKind.FAMILY_ROOM: 1, UnitKind.SINGLE: 1}
    assert free(house)[UnitKind.FAMILY_ROOM] == 0, "the empty one is held"


def test_matching_hears_the_confirmed_counts_with_their_time(house: House, keystore: Keystore) -> None:
    confirm(house, {UnitKind.FAMILY_ROOM: 1, UnitKind.SINGLE: 0})
    with house.database.read() as conn:
        (card,) = Cards(keystore.place_key).all(conn)
        said = {(one.kind, one.available): one.at for one in card.service.capacities}
        assert set(said) == {("family_room", 1), ("single", 0)}
        assert set(said.values()) == {queries.confirmed_at(conn, keystore.place_key, house.service_id)}


def test_a_held_unit_moves_only_with_its_hold(house: House, database: Database) -> None:
    with database.write() as unit:
        held = house.holds.hold(unit, house.service_id, FAMILY, case="c" * 32, until=unit.now.replace(hour=23), by=ANA)
        for how in ("occupy", "let_go", "break"):
            with pytest.raises(Unclear):
                house.units.set_state(unit, house.service_id, held.unit_id, how, by=ANA)
        with pytest.raises(AlreadyMoved):
            house.units.retire(unit, house.service_id, held.unit_id, by=ANA)


def test_another_shelter_has_no_hand_in_it(house: House, database: Database) -> None:
    with database.write() as unit:
        mine = queries.kept(unit.conn, house.keystore.place_key, house.service_id)[0]
        with pytest.raises(NoSuchUnit):
            house.units.set_state(unit, "another", mine.id, "occupy", by=ANA)
        with pytest.raises(IllegalMove):
            house.units.set_state(unit, house.service_id, mine.id, "mend", by=ANA)


def test_a_row_tells_neither_the_house_nor_its_rooms(house: House) -> None:
    confirm(house, {UnitKind.FAMILY_ROOM: 1})
    with house.database.read() as conn:
        for table in ("units", "unit_moves", "confirmations"):
            rows = conn.execute(text(f"SELECT * FROM {table}")).all()
            assert rows
            spelt = repr([tuple(row) for row in rows])
            assert house.service_id not in spelt
            for telling in ("family", "single", '"F1"', "boys"):
                assert telling not in spelt


def test_occupancy_of_past_days_follows_from_the_moves(house: House, database: Database, clock: ManualClock) -> None:
    confirm(house, {UnitKind.FAMILY_ROOM: 1})
    clock.advance(seconds=86_400)
    confirm(house, {UnitKind.FAMILY_ROOM: 0, UnitKind.SINGLE: 0})
    clock.advance(seconds=86_400)
    with database.read() as conn:
        days = queries.occupied_days(conn, house.keystore.place_key, house.service_id, first=day("2026-11-22"), last=day("2026-11-25"))
    assert list(days.values()) == [(0, 0), (0, 0), (1, 3), (3, 3)]


def test_every_state_of_a_unit_has_its_moves() -> None:
    assert set(MOVES.moves) == set(UnitState)
    assert not list(MOVES.ends())
