"""THE SWAP TEST: vaults that differ in everything hidden answer everybody without a grant byte for byte alike (DESIGN 6, DOMAIN 25)."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, select, text

from sos.clock import ManualClock
from sos.db.database import Database
from sos.directory.jurisdictions import Jurisdictions
from sos.directory.matching.answer import A_PERSON, Matched
from sos.directory.matching.filters import Moment
from sos.directory.matching.index import Snapshot
from sos.directory.matching.wish import Wish
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from sos.shelters.matching import answer_operator
from sos.shelters.queries import Cards
from tests.directory.builders import JURISDICTIONS
from tests.shelters.lives import live_in
from tests.shelters.worlds import Stranger, closed, fill, hidden_entries, swap

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OF_THE_HOUSES = {"units", "unit_moves", "confirmations", "holds", "asks", "ask_rounds", "shelter_settings", "bed_questions"}
HIDDEN_PARTS = {"hidden_services", "directory_versions", "audit", "audit_seals", "alembic_version", "deadlines", "tasks"} | OF_THE_HOUSES
VAULTS = {"none": [], "many others": hidden_entries(2, 40), "the same ones, shut": closed(hidden_entries(1, 8))}


@pytest.fixture
def questions(database: Database) -> int:
    return 10_000 if database.dialect == "sqlite" else 600


def test_a_stranger_hears_the_same_whatever_lies_in_the_vault(database: Database, keystore: Keystore, questions: int) -> None:
    fill(database, keystore.place_key)
    vault = Vault(keystore.place_key)
    with database.write() as unit:
        swap(unit, vault, hidden_entries(1, 8))
    first = _digests(database, questions)
    assert len(first) == questions + 2
    assert len(set(first)) > questions // 4  # the questions really differ
    with database.write() as unit:
        swap(unit, vault, VAULTS["many others"])
    assert _digests(database, questions) == first


@pytest.mark.parametrize("name", ["none", "the same ones, shut"])
def test_neither_an_empty_vault_nor_a_shut_house_can_be_told(database: Database, keystore: Keystore, questions: int, name: str) -> None:
    fill(database, keystore.place_key)
    vault = Vault(keystore.place_key)
    with database.write() as unit:
        swap(unit, vault, hidden_entries(1, 8))
    first = _digests(database, questions // 10)
    with database.write() as unit:
        swap(unit, vault, VAULTS[name])
    assert _digests(database, questions // 10) == first


def test_the_public_tables_are_the_same_row_for_row(database: Database, keystore: Keystore) -> None:
    fill(database, keystore.place_key)
    before = _public_rows(database)
    assert sum(before.values()) > 100
    with database.write() as unit:
        swap(unit, Vault(keystore.place_key), hidden_entries(3, 5))
    assert _public_rows(database) == before


def test_rooms_holds_asks_and_what_was_confirmed_leave_no_trace_for_a_stranger(
    database: Database, keystore: Keystore, questions: int, clock: ManualClock
) -> None:
    """One night in many houses, full of rooms, holds, asks and answers, is the same to a stranger as none."""
    fill(database, keystore.place_key)
    before, first = _public_rows(database), _digests(database, questions // 10)
    houses = live_in(database, keystore, clock, hidden_entries(4, 6))
    with database.read() as conn:
        counts = {table: conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in OF_THE_HOUSES}
    assert all(counts.values()), counts
    assert _digests(database, questions // 10) == first
    assert _public_rows(database) == before
    assert len(houses) == 6


def test_without_the_place_key_no_row_of_a_house_tells_which_house_or_of_what_kind(
    database: Database, keystore: Keystore, clock: ManualClock
) -> None:
    """The whole of every table of the houses, as somebody with a stolen copy reads it: no id of a service, no label, kind, age, contact or case."""
    entries = hidden_entries(4, 6)
    live_in(database, keystore, clock, entries)
    tables = MetaData()
    with database.read() as conn:
        tables.reflect(conn)
        stolen = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for name in sorted(OF_THE_HOUSES | {"deadlines"})
            for row in conn.execute(select(tables.tables[name]))
            for value in row
        )
    assert len(stolen) > 5000
    told = [entry.service.id for entry in entries] + ["family_room", "single", "label", "Centre for", "night desk", "step_free"]
    assert not [word for word in told if word.encode() in stolen]


def test_the_test_itself_sees_a_leak(database: Database, keystore: Keystore) -> None:
    """The control: were a stranger answered like an operator, the swap would show it."""
    fill(database, keystore.place_key)
    cards = Cards(keystore.place_key)

    def leaking(snapshot: Snapshot, wish: Wish, moment: Moment) -> Matched:
        with database.read() as conn:
            return answer_operator(snapshot, cards.all(conn), wish, moment, JURISDICTIONS)

    first = _digests(database, 200, answering=leaking)
    with database.write() as unit:
        swap(unit, Vault(keystore.place_key), hidden_entries(2, 6))
    assert _digests(database, 200, answering=leaking) != first


def test_the_fixed_line_is_first_and_has_the_same_bytes_for_every_wish(database: Database, keystore: Keystore) -> None:
    import random

    from sos.directory.matching.answer import answer
    from sos.directory.matching.live import LiveIndex
    from sos.geo.naming import folded_name
    from tests.directory.builders import CATEGORIES, ZONE
    from tests.shelters.worlds import a_random_wish

    fill(database, keystore.place_key)
    live, dice = LiveIndex(folded_name, ZONE), random.Random(5)
    lines = set()
    with database.read() as conn:
        for _ in range(300):
            wish = a_random_wish(dice)
            if wish.category is CATEGORIES.by_slug["shelter"]:
                first = answer(live.snapshot(conn), wish, live.moment(NOW), JURISDICTIONS).matches[0]
                lines.add((first.id, first.name, first.area, first.distance_km, first.reasons[0].code, len(first.reasons)))
    assert lines == {(A_PERSON, "A safe place to stay", None, None, "shelter.a_person", 1)}


def _digests(database: Database, questions: int, **more: object) -> list[bytes]:
    stranger = Stranger(database, now=NOW, **more)  # type: ignore[arg-type]
    return [hashlib.blake2b(said, digest_size=8).digest() for said in stranger.hears(questions, seed=7)]


def _public_rows(database: Database) -> dict[str, int]:
    tables = MetaData()
    with database.read() as conn:
        tables.reflect(conn)
        return {
            name: hash(tuple(tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key.columns)))) % 1_000_003
            for name, table in tables.tables.items()
            if name not in HIDDEN_PARTS
        }


def test_numbers_are_given_even_when_nothing_matches() -> None:
    assert isinstance(JURISDICTIONS, Jurisdictions)
    assert JURISDICTIONS.numbers(None, at=ManualClock(NOW).now())
