"""The inbox: each message once, one person's in order, leases that lapse, nothing readable."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from sos.clock import ManualClock
from sos.db.database import Database
from sos.db.statements import AlreadyMoved
from sos.inbox import actions as inbox
from sos.inbox.models import InboxRow
from sos.inbox.states import Inbox
from sos.keys.keystore import Keystore

AMINA, BLERTA = b"sms\x1fa", b"sms\x1fb"


class Door:
    def __init__(self, database: Database, keystore: Keystore) -> None:
        self.database, self.keystore, self.n = database, keystore, 0

    def takes(self, sender: bytes, text: str = "words", provider_id: str | None = None) -> bool:
        self.n += 1
        with self.database.write() as unit:
            return inbox.accept(
                unit, self.keystore, provider="generic", provider_id=provider_id or str(self.n), sender=sender, body=text.encode()
            )

    def claims(self, holder: str = "w1", limit: int = 50, first: tuple[bytes, ...] = ()) -> list[inbox.Claimed]:
        with self.database.write() as unit:
            return inbox.claim(unit, holder=holder, limit=limit, first=first)

    def reads(self, claimed: list[inbox.Claimed]) -> list[str]:
        return [inbox.open_body(self.keystore, row).decode() for row in claimed]

    def finishes(self, claimed: list[inbox.Claimed], holder: str = "w1") -> None:
        with self.database.write() as unit:
            for row in claimed:
                inbox.finish(unit, row, holder=holder)


@pytest.fixture
def door(database: Database, keystore: Keystore) -> Door:
    return Door(database, keystore)


def test_a_repeated_delivery_is_the_same_message(door: Door) -> None:
    assert door.takes(AMINA, provider_id="7")
    assert not door.takes(AMINA, provider_id="7")
    assert len(door.claims()) == 1


def test_a_repeat_is_known_even_after_the_keys_turned(door: Door, clock: ManualClock) -> None:
    door.takes(AMINA, provider_id="7")
    door.keystore.turn(now=clock.now())
    assert not door.takes(AMINA, provider_id="7")


def test_one_person_s_messages_keep_their_order(door: Door) -> None:
    for text in ("first", "second"):
        door.takes(AMINA, text)
    door.takes(BLERTA, "other")
    batch = door.claims()
    assert door.reads(batch) == ["first", "other"]
    assert door.claims(holder="w2") == []
    door.finishes(batch)
    assert door.reads(door.claims(holder="w2")) == ["second"]


def test_who_wrote_an_sos_comes_first(door: Door) -> None:
    door.takes(AMINA, "hours?")
    door.takes(BLERTA, "SOS")
    sender = door.keystore.current.index_of(BLERTA)
    assert door.reads(door.claims(limit=1, first=(sender,))) == ["SOS"]


def test_a_lapsed_lease_is_taken_over_alone_and_the_late_worker_changes_nothing(door: Door, clock: ManualClock) -> None:
    door.takes(AMINA, "crashes us")
    stopped = door.claims("w1")
    clock.advance(seconds=6)
    door.takes(BLERTA, "innocent")
    again = door.claims("w2")
    assert door.reads(again) == ["crashes us"]
    with pytest.raises(AlreadyMoved):
        door.finishes(stopped, "w1")
    door.finishes(again, "w2")


def test_the_leases_of_a_dead_worker_are_free_at_once(door: Door, database: Database) -> None:
    door.takes(AMINA)
    door.claims("dead")
    with database.write() as unit:
        assert inbox.void_leases(unit, ["dead"]) == 1
    assert len(door.claims("w2")) == 1


def test_an_answered_message_leaves_no_body_and_no_sender(door: Door, database: Database) -> None:
    door.takes(AMINA, "words")
    door.finishes(door.claims())
    with database.read() as conn:
        row = conn.execute(select(InboxRow.__table__)).one()
    assert (row.body, row.sender_key, row.epoch, row.state) == (None, None, None, Inbox.DONE.value)


def test_a_parked_message_stays_sealed_for_a_person(door: Door, database: Database) -> None:
    door.takes(AMINA, "words")
    [row] = door.claims()
    with database.write() as unit:
        inbox.park(unit, row, holder="w1", why="Unreadable")
    with database.read() as conn:
        kept = conn.execute(select(InboxRow.__table__)).one()
    assert kept.state == Inbox.PARKED.value
    assert b"words" not in kept.body


def test_a_body_whose_epoch_is_gone_cannot_be_read(door: Door, clock: ManualClock) -> None:
    door.takes(AMINA)
    [row] = door.claims()
    old = door.keystore.current.id
    door.keystore.turn(now=clock.now())
    door.keystore.destroy(old)
    with pytest.raises(inbox.CannotRead):
        inbox.open_body(door.keystore, row)


def test_once_only_keys_are_kept_thirty_days(door: Door, database: Database, clock: ManualClock) -> None:
    door.takes(AMINA, provider_id="7")
    door.finishes(door.claims())
    clock.advance(days=29)
    with database.write() as unit:
        assert inbox.forget_old(unit) == 0
    clock.set(clock.now() + timedelta(days=2))
    with database.write() as unit:
        assert inbox.forget_old(unit) == 1


def test_many_workers_claim_each_message_once(door: Door) -> None:
    for n in range(60):
        door.takes(f"sms\x1f{n}".encode())
    claimed: list[int] = []

    def work(who: str) -> None:
        while batch := door.claims(who, limit=7):
            claimed.extend(row.seq for row in batch)
            door.finishes(batch, who)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while batch := door.claims("last"):
        claimed.extend(row.seq for row in batch)
        door.finishes(batch, "last")
    assert len(claimed) == len(set(claimed)) == 60
