"""The reminder that public numbers have to be tried at night: one task, and not again while it is open."""

from pathlib import Path

from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.rooms import Rooms
from sos.staff import queries as tasks
from sos.staff.states import TaskKind
from sos.worker.schedule import remind_of_test_calls


def test_while_numbers_are_due_one_task_waits_and_comes_again_once_done(database: Database, keystore: Keystore, clock: ManualClock) -> None:
    rooms = Rooms(database=database, keystore=keystore, clock=clock, config=Path(__file__).parents[2] / "config", demo=True)
    assert remind_of_test_calls(rooms)
    assert not remind_of_test_calls(rooms)
    with database.write() as unit:
        (task,) = [one for one in tasks.waiting(unit.conn, now=unit.now) if one.kind is TaskKind.TEST_CALLS]
        rooms.tasks.done(unit, task.number, "a" * 32)
    assert remind_of_test_calls(rooms)
