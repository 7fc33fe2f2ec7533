"""The state of the chain as the console, `/health/chain` and the doctor read it, on both databases."""

from datetime import timedelta

from sqlalchemy import insert

from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines import heartbeats
from sos.deadlines.actions import set_deadline
from sos.deadlines.models import HeartbeatRow
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.states import KeyKind, Lane
from sos.watch.chain import Chain, state_of_chain


def chain(database: Database) -> Chain:
    with database.read() as conn:
        return state_of_chain(conn, database.clock.now())


def late(database: Database) -> list[str]:
    return [link.key for link in chain(database).late]


def beat(database: Database, *names: str) -> None:
    with database.write() as unit:
        for name in names:
            heartbeats.beat(unit, name)


def test_a_worker_that_was_never_seen_is_late_and_a_watchdog_is_missing(database: Database) -> None:
    found = chain(database)
    assert [link.key for link in found.late] == ["worker"]
    assert {link.key: link.seconds for link in found.links}["watchdog"] is None


def test_everything_young_is_whole(database: Database) -> None:
    beat(database, "worker:a", "watchdog:h", "asked:kannel", "gateway:kannel", "synthetic")
    assert chain(database).whole


def test_each_part_grows_old_by_its_own_limit(database: Database, clock: ManualClock, keystore: Keystore) -> None:
    beat(database, "worker:a", "watchdog:h", "asked:kannel", "gateway:kannel", "synthetic")
    with database.write() as unit:
        inbox.accept(unit, keystore, provider="generic", provider_id="1", sender=b"+38344000101", body=b"x")
        set_deadline(unit, kind="k", subject="s", due=unit.now)
        for lane in (Lane.SOS, Lane.PAGE):
            outbox.queue(
                unit,
                key=bytes(32),
                key_kind=KeyKind.STAFF,
                survivor_id=None,
                contact_id=lane.value,
                channel="sms",
                provider="generic",
                address="+38344000102",
                body=b"{}",
                lane=lane,
                expires_at=unit.now + timedelta(days=1),
            )
    clock.advance(seconds=31)
    assert set(late(database)) == {"worker", "inbox", "sos", "page", "deadline"}
    clock.advance(seconds=100)
    assert "watchdog" in late(database)
    clock.advance(minutes=15)
    assert "gateway kannel" in late(database)
    assert "synthetic" not in late(database)
    clock.advance(hours=26)
    assert "synthetic" in late(database)


def test_a_gateway_that_is_asked_and_has_never_lived_is_late(database: Database) -> None:
    beat(database, "worker:a", "asked:kannel")
    assert late(database) == ["gateway kannel"]


def test_a_warning_is_shown_and_breaks_nothing(database: Database) -> None:
    beat(database, "worker:a", "warning:smsgate:battery_low")
    assert (chain(database).warnings, chain(database).whole) == (("smsgate:battery_low",), True)


def test_a_sign_of_life_is_never_moved_back_nor_into_the_future(database: Database, clock: ManualClock) -> None:
    now = clock.now()
    with database.write() as unit:
        assert heartbeats.beat_of(unit, "gateway:x", now - timedelta(minutes=2))
        assert not heartbeats.beat_of(unit, "gateway:x", now - timedelta(minutes=3))
        assert not heartbeats.beat_of(unit, "gateway:x", now + timedelta(minutes=3))
    with database.read() as conn:
        assert heartbeats.youngest(conn, "gateway:x") == now - timedelta(minutes=2)


def test_a_prefix_is_taken_literally(database: Database, clock: ManualClock) -> None:
    with database.write() as unit:
        unit.conn.execute(insert(HeartbeatRow), [{"name": "job:x", "at": clock.now()}, {"name": "asked:y", "at": clock.now()}])
    with database.read() as conn:
        assert [name for name, _ in heartbeats.all_of(conn, "asked:")] == ["asked:y"]
        assert heartbeats.all_of(conn, "%") == []
