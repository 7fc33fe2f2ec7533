"""The outbox: the SOS lane first, one address in order, attempts counted before they are made, nothing readable."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sos.clock import ManualClock
from sos.db.database import Database
from sos.encryption import new_key, open_sealed
from sos.outbox import actions as outbox
from sos.outbox.models import OutboxRow
from sos.outbox.states import MOVES, KeyKind, Lane, Outbox

KEY = new_key()


def queue(database: Database, text: str, *, lane: Lane = Lane.REPLY, contact: str = "amina", person: str | None = "p1") -> str:
    with database.write() as unit:
        return outbox.queue(
            unit,
            key=KEY,
            key_kind=KeyKind.PERSON,
            survivor_id=person,
            contact_id=contact,
            channel="sms",
            provider="generic",
            address="+38344000100",
            body=text.encode(),
            lane=lane,
            expires_at=unit.now + timedelta(minutes=15),
        )


def claim(database: Database, holder: str = "w1", limit: int = 10, *, only_sos: bool = False) -> list[outbox.Leased]:
    with database.write() as unit:
        return outbox.claim(unit, holder=holder, limit=limit, channels=["sms"], only_sos=only_sos)


def texts(leased: list[outbox.Leased]) -> list[str]:
    return [open_sealed(KEY, row.body, table="outbox", column="body", row=row.id).decode() for row in leased]


def test_sos_goes_first_and_is_not_kept_back_by_an_older_message_to_her(database: Database) -> None:
    queue(database, "older")
    queue(database, "other", contact="blerta")
    queue(database, "sos", lane=Lane.SOS)
    assert texts(claim(database)) == ["sos", "older", "other"]


def test_when_ordinary_slots_are_full_only_sos_is_claimed(database: Database) -> None:
    queue(database, "ordinary")
    queue(database, "sos", lane=Lane.SOS, contact="blerta")
    assert texts(claim(database, only_sos=True)) == ["sos"]


def test_one_address_gets_its_messages_in_order(database: Database) -> None:
    queue(database, "first")
    queue(database, "second")
    [first] = claim(database)
    assert claim(database, "w2") == []
    with database.write() as unit:
        outbox.settle(unit, first, Outbox.SENT)
    assert texts(claim(database, "w2")) == ["second"]


def test_every_attempt_is_counted_when_it_is_claimed(database: Database, clock: ManualClock) -> None:
    outbox_id = queue(database, "sos", lane=Lane.SOS)
    assert [row.attempt for row in claim(database)] == [1]
    clock.advance(seconds=6)  # killed: the lease of 3 s + 2 s lapses
    [again] = claim(database, "w2")
    assert (again.id, again.attempt) == (outbox_id, 2)


def test_a_claimed_message_is_nobody_else_s_until_its_lease_lapses(database: Database, clock: ManualClock) -> None:
    queue(database, "reply")
    claim(database)
    clock.advance(seconds=9)
    assert claim(database, "w2") == []
    clock.advance(seconds=2)
    assert len(claim(database, "w2")) == 1


def test_what_was_sent_leaves_neither_words_nor_address(database: Database) -> None:
    queue(database, "reply")
    [leased] = claim(database)
    with database.write() as unit:
        assert outbox.settle(unit, leased, Outbox.SENT)
        assert not outbox.settle(unit, leased, Outbox.FAILED)
    with database.read() as conn:
        row = conn.execute(select(OutboxRow.__table__)).one()
    assert (row.state, row.body, row.address) == (Outbox.SENT.value, None, None)


def test_a_failed_attempt_waits_its_time(database: Database, clock: ManualClock) -> None:
    queue(database, "reply")
    [leased] = claim(database)
    with database.write() as unit:
        outbox.try_again(unit, leased, not_before=unit.now + timedelta(seconds=30))
    assert claim(database) == []
    clock.advance(seconds=31)
    assert [row.attempt for row in claim(database)] == [2]


def test_the_carrier_s_report_moves_only_what_was_sent(database: Database) -> None:
    outbox_id = queue(database, "reply")
    with database.write() as unit:
        outbox.report(unit, outbox_id, Outbox.DELIVERED)
        outbox.report(unit, "unknown", Outbox.DELIVERED)
    [leased] = claim(database)
    with database.write() as unit:
        outbox.settle(unit, leased, Outbox.SENT)
        outbox.report(unit, outbox_id, Outbox.DELIVERED)
    with database.read() as conn:
        assert conn.execute(select(OutboxRow.state)).scalar_one() == Outbox.DELIVERED.value


def test_erasing_a_person_takes_back_everything_on_its_way_to_her(database: Database) -> None:
    queue(database, "hers")
    queue(database, "other", person="p2", contact="blerta")
    with database.write() as unit:
        outbox.forget_person(unit, "p1")
    assert texts(claim(database)) == ["other"]


@pytest.mark.parametrize("state", list(Outbox))
def test_every_state_ends_or_can_be_left(state: Outbox) -> None:
    assert MOVES.moves[state] or state in {Outbox.DELIVERED, Outbox.FAILED, Outbox.EXPIRED}


def test_a_clock_set_back_keeps_no_message_for_hours(database: Database, clock: ManualClock) -> None:
    queue(database, "leased by a worker that died")
    claim(database)
    queue(database, "put back", contact="blerta")
    [leased] = claim(database, "w2")
    with database.write() as unit:
        outbox.try_again(unit, leased, not_before=unit.now + timedelta(seconds=30))
    assert claim(database) == []
    clock.advance(hours=-2)
    assert len(claim(database)) == 2


def test_who_was_stopped_past_the_lease_does_not_end_another_s_attempt(database: Database, clock: ManualClock) -> None:
    queue(database, "reply")
    [stopped] = claim(database)
    clock.advance(seconds=11)
    [again] = claim(database, "w2")
    with database.write() as unit:
        assert not outbox.settle(unit, stopped, Outbox.FAILED)
        assert outbox.settle(unit, again, Outbox.SENT)


def test_what_waits_for_a_channel_that_is_gone_ends_and_is_told(database: Database, clock: ManualClock) -> None:
    queue(database, "reply")
    with database.write() as unit:
        assert outbox.expire_left_over(unit, channels_served=[]) == [], "the channel may come back in time"
    clock.advance(minutes=16)
    with database.write() as unit:
        assert outbox.expire_left_over(unit, channels_served=["sms"]) == []
        assert outbox.expire_left_over(unit, channels_served=["web"]) == ["p1"]
    with database.read() as conn:
        row = conn.execute(select(OutboxRow.__table__)).one()
    assert (row.state, row.body, row.address) == (Outbox.EXPIRED.value, None, None)
