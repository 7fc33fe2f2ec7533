"""A moment to take a message back: it waits alone, keeps nobody else waiting, and is gone as if it had never been written."""

from datetime import timedelta

from sos.clock import ManualClock
from sos.db.database import Database
from sos.outbox import undo
from tests.outbox.test_outbox import claim, queue, texts


def test_a_message_that_may_be_taken_back_keeps_no_later_one_waiting(database: Database, clock: ManualClock) -> None:
    first = queue(database, "delayed")
    with database.write() as unit:
        assert undo.delay(unit, first, unit.now + timedelta(seconds=30))
    queue(database, "later")
    assert texts(claim(database)) == ["later"]
    clock.advance(seconds=31)
    assert texts(claim(database)) == ["delayed"]


def test_taken_back_it_is_gone_and_afterwards_it_is_too_late(database: Database, clock: ManualClock) -> None:
    first, second = queue(database, "one"), queue(database, "two", contact="blerta")
    with database.write() as unit:
        for row in (first, second):
            undo.delay(unit, row, unit.now + timedelta(seconds=30))
        assert undo.take_back(unit, first)
        assert not undo.take_back(unit, first)
        assert set(undo.delayed(unit.conn, [first, second], unit.now)) == {second}
    clock.advance(seconds=31)
    assert texts(claim(database)) == ["two"]
    with database.write() as unit:
        assert not undo.take_back(unit, second)
