"""The index is as fresh as the database, in every process, and a change is one cheap read away."""

import multiprocessing
from dataclasses import replace
from typing import Any

import pytest

from sos.clock import ManualClock
from sos.db.database import Database
from sos.directory import queries
from sos.directory.actions import remove_services, save_services, set_capacity
from sos.directory.entries import CapacityEntry, ServiceEntry
from sos.directory.errors import NoSuchService
from sos.directory.matching.live import LiveIndex
from sos.directory.matching.ranking import match
from sos.geo.naming import folded_name
from tests.directory.builders import MONDAY_NOON, ZONE, a_service, a_wish, beds


def save(database: Database, *entries: ServiceEntry) -> None:
    with database.write() as unit:
        known = [entry.id for entry in queries.services(unit.conn)]
        organisations = [one.id for one in queries.organisations(unit.conn)]
        save_services(unit, entries, known=known, known_organisations=organisations)


def free(database: Database, live: LiveIndex) -> list[str]:
    with database.read() as conn:
        return [one.id for one in match(live.snapshot(conn), a_wish("shelter"), live.moment(MONDAY_NOON)).matches]


@pytest.fixture
def shelter(database: Database) -> ServiceEntry:
    entry = a_service(1, category="shelter", capacities=beds(2))
    save(database, entry, a_service(2))
    return entry


def test_what_is_written_is_what_is_read(database: Database, shelter: ServiceEntry) -> None:
    with database.read() as conn:
        assert queries.service(conn, shelter.id) == shelter
        assert queries.service(conn, "nobody") is None


def test_a_change_of_capacity_is_seen_at_the_next_question_by_every_index(database: Database, shelter: ServiceEntry) -> None:
    one, other = LiveIndex(folded_name, ZONE), LiveIndex(folded_name, ZONE)
    assert free(database, one) == free(database, other) == [shelter.id]
    with database.write() as unit:
        set_capacity(unit, shelter.id, [replace(shelter.capacities[0], available=0)])
    assert free(database, one) == free(database, other) == []


def test_a_change_that_is_rolled_back_is_never_seen(database: Database, shelter: ServiceEntry) -> None:
    live = LiveIndex(folded_name, ZONE)
    with pytest.raises(RuntimeError), database.write() as unit:
        set_capacity(unit, shelter.id, [])
        raise RuntimeError
    assert free(database, live) == [shelter.id]


def test_two_changes_in_the_same_instant_are_both_seen(database: Database, shelter: ServiceEntry, clock: ManualClock) -> None:
    live = LiveIndex(folded_name, ZONE)
    for available in (0, 5, 0, 7):
        with database.write() as unit:
            set_capacity(unit, shelter.id, [CapacityEntry("bed", available, None, clock.now())])
        assert free(database, live) == ([shelter.id] if available else [])


def test_a_removed_service_is_gone(database: Database, shelter: ServiceEntry) -> None:
    live = LiveIndex(folded_name, ZONE)
    assert free(database, live)
    with database.write() as unit:
        remove_services(unit, [shelter.id])
    assert free(database, live) == []


def test_an_unchanged_directory_is_not_read_again(database: Database, shelter: ServiceEntry) -> None:
    live = LiveIndex(folded_name, ZONE)
    with database.read() as conn:
        assert live.snapshot(conn) is live.snapshot(conn)


def test_only_what_changed_is_read_again(database: Database, shelter: ServiceEntry) -> None:
    live = LiveIndex(folded_name, ZONE)
    with database.read() as conn:
        before = live.snapshot(conn)
    with database.write() as unit:
        set_capacity(unit, shelter.id, [])
    with database.read() as conn:
        after = live.snapshot(conn)
    kept = {entry.id: entry for entry in before.services}
    assert [entry.id for entry in after.services if entry is not kept[entry.id]] == [shelter.id]


def test_nobody_has_capacity_of_a_service_that_is_not_there(database: Database) -> None:
    with pytest.raises(NoSuchService), database.write() as unit:
        set_capacity(unit, "nobody", [])


def _other_process(url: str, service_id: str, asked: Any, answered: Any) -> None:
    database, live = Database(url, ManualClock(MONDAY_NOON)), LiveIndex(folded_name, ZONE)
    while asked.get():
        answered.put(service_id in free(database, live))
    database.dispose()


def test_another_process_sees_the_change_at_its_next_question(database: Database, database_url: str, shelter: ServiceEntry) -> None:
    context = multiprocessing.get_context("spawn")
    asked, answered = context.Queue(), context.Queue()
    other = context.Process(target=_other_process, args=(database_url, shelter.id, asked, answered))
    other.start()
    try:
        asked.put(True)
        assert answered.get(timeout=60) is True
        with database.write() as unit:
            set_capacity(unit, shelter.id, [])
            save_services(unit, [replace(shelter, capacities=beds(0))], known=[shelter.id], known_organisations=[shelter.organisation.id])
        asked.put(True)
        assert answered.get(timeout=60) is False
    finally:
        asked.put(False)
        other.join(30)
