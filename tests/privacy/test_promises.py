"""What was promised to her holds under bad conditions: killed turns, damaged records, full disks, restored databases, other addresses."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select, update

from sos.alerts.models import AlertEntryRow, AlertRow
from sos.clock import ManualClock
from sos.conversations.models import ConversationRow, MessageRow
from sos.db.database import Database
from sos.deadlines.actions import fire_due
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore
from sos.privacy import erasure
from sos.privacy.epochs import Epochs
from sos.staff.models import TaskNoteRow
from sos.staff.states import TaskKind
from sos.survivors.actions import Known
from sos.survivors.address import Address, Channel
from sos.survivors.keys import KeyGone, unwrap
from sos.survivors.models import ContactRow, PhraseRow, SurvivorRow, WordRow
from sos.survivors.words import Word
from tests.privacy.test_forgetting import HERS, World

HER_PAGE = Address(Channel.WEB, "another device")


@pytest.fixture
def world(database: Database, keystore: Keystore) -> World:
    return World(database, keystore)


def everything_of(world: World, known: Known) -> None:
    with world.database.write() as unit:
        world.survivors.agree_word(unit, known, Word.CHECK, "lulekuqe")
        world.survivors.code_phrase(unit, known)
        world.conversations.keep_state(unit, {"step": "x"}, survivor_id=known.id, key=known.key.raw)
        world.tasks.leave(unit, kind=TaskKind.CONTACT_HER, survivor_id=known.id, note="words", key=known.key.raw)


def left_of(world: World, known: Known) -> dict[str, int]:
    with world.database.read() as conn:
        counts = {
            table.__tablename__: conn.execute(select(func.count()).select_from(table).where(table.survivor_id == known.id)).scalar_one()
            for table in (ContactRow, WordRow, PhraseRow, ConversationRow, MessageRow)
        }
        counts["notes"] = conn.execute(select(func.count(TaskNoteRow.id))).scalar_one()
        counts["keys"] = conn.execute(select(func.count(SurvivorRow.wrapped_key)).where(SurvivorRow.id == known.id)).scalar_one()
    return counts


def alert_row(world: World) -> object:
    with world.database.read() as conn:
        return conn.execute(select(AlertRow.__table__)).one()


def entries_with_words(world: World) -> int:
    with world.database.read() as conn:
        return conn.execute(select(func.count(AlertEntryRow.body))).scalar_one()


def test_after_erase_nothing_of_hers_stands_in_any_table(world: World) -> None:
    known = world.writes()
    everything_of(world, known)
    assert all(left_of(world, known).values()), "the test stands on something"
    world.erases(known)
    assert set(left_of(world, known).values()) == {0}


def test_closed_alerts_are_forgotten_with_her_in_restored_copies_too(world: World) -> None:
    known = world.writes()
    world.raises(known)
    with world.database.write() as unit:
        unit.conn.execute(update(AlertRow).values(state="closed"))
    copy = alert_row(world)
    assert world.erases(known)
    assert (alert_row(world).wrapped_key, alert_row(world).address, entries_with_words(world)) == (None, None, 0)
    with pytest.raises(KeyGone):
        unwrap(world.keystore, epoch=copy.key_epoch, wrapped=copy.wrapped_key, table="alerts", row=copy.id)


@pytest.mark.parametrize("verified", [False, True], ids=["without the check word", "with it"])
def test_72_hours_later_the_alert_still_counts_but_holds_no_word_of_hers(world: World, clock: ManualClock, verified: bool) -> None:
    known = world.writes()
    world.raises(known)
    assert world.erases(known, verified=verified) is verified
    assert entries_with_words(world) == 1, "until then a person can read what she wrote"
    clock.advance(hours=73)
    fire_due(world.database, {**world.alerts.handlers(), erasure.KIND: world.erasure.fire})
    row = alert_row(world)
    assert (row.state, row.wrapped_key, row.fold_index, row.address, entries_with_words(world)) == ("received", None, None, None, 0)
    again = world.writes()
    assert world.raises(again) != row.number, "her next SOS is an alert of its own"


def test_an_alert_by_another_address_of_hers_is_something_open(world: World) -> None:
    known = world.writes()
    with world.database.write() as unit:
        phrase = world.survivors.code_phrase(unit, known)
    world.raises(known)
    with world.database.write() as unit:
        on_page = world.survivors.return_by_phrase(unit, HER_PAGE, phrase)
    assert not world.erases(on_page), "her key is not destroyed while somebody may be on the way to her"
    with world.database.read() as conn:
        assert "mark.erase" in conn.execute(select(AlertEntryRow.kind)).scalars().all()


@pytest.mark.expects_errors
@pytest.mark.parametrize("table", [ContactRow, PhraseRow, AlertRow])
def test_one_damaged_record_stops_no_turn(world: World, clock: ManualClock, table: type) -> None:
    known, other = world.writes(), Address(Channel.SMS, "+38344000101")
    everything_of(world, known)
    world.raises(known)
    with world.database.write() as unit:
        kept = world.survivors.meet(unit, other, "generic")
        damaged = {"phrase": b"\x01" + bytes(80)} if table is PhraseRow else {"address": b"\x01" + bytes(80)}
        unit.conn.execute(
            update(table).values(damaged) if table is not ContactRow else update(table).where(table.survivor_id == known.id).values(damaged)
        )
    old = world.keystore.current.id
    for _ in range(7):
        clock.advance(days=1)
        world.epochs.tend()
    assert old not in {epoch.id for epoch in world.keystore.epochs}
    with world.database.write() as unit:
        assert world.survivors.meet(unit, other, "generic").id == kept.id
        assert world.survivors.key_of(unit, known.id), "what of hers can be read stays readable"


@pytest.mark.expects_errors
def test_neither_a_stuck_message_nor_a_full_disk_keeps_an_erased_key_alive(world: World, clock: ManualClock) -> None:
    old = world.keystore.current.id
    with world.database.write() as unit:
        inbox.accept(unit, world.keystore, provider="g", provider_id="1", sender=b"s", body=b"never answered")

    def full(_: datetime) -> None:
        raise OSError(28, "no space left")

    clock.advance(days=5)
    with pytest.raises(OSError, match="no space"):
        world.epochs.tend(full)
    clock.advance(hours=30)
    world.epochs.tend()
    assert old in {epoch.id for epoch in world.keystore.epochs}, "a day longer for what waits"
    clock.advance(hours=17)
    world.epochs.tend(full)
    assert old not in {epoch.id for epoch in world.keystore.epochs}


def test_a_turn_killed_at_any_step_is_finished_by_the_next_and_loses_nobody(
    world: World, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, gone = world.writes(), Address(Channel.SMS, "+38344000101")
    number = world.raises(known)
    with world.database.write() as unit:
        erased = world.survivors.meet(unit, gone, "generic")
    world.erases(erased)
    first = world.keystore.current.id
    kills = 0
    for _ in range(14):
        clock.advance(hours=12)
        for step in range(12):
            calls = [step]

            def killed(real: Callable[..., object], calls: list[int] = calls) -> Callable[..., object]:
                def call(*args: object, **named: object) -> object:
                    if not calls[0]:
                        raise SystemExit
                    calls[0] -= 1
                    return real(*args, **named)

                return call

            with monkeypatch.context() as patch:
                patch.setattr(Keystore, "_store", killed(Keystore._store))
                patch.setattr(Database, "write", killed(Database.write))
                try:
                    Epochs(world.database, Keystore.open(world.keystore.folder), world.audit).tend()
                except SystemExit:
                    kills += 1
                else:
                    break
    assert kills > 10
    assert first not in {epoch.id for epoch in world.keystore.epochs}
    assert world.writes().id == known.id
    assert world.raises(known) == number
    with world.database.write() as unit, pytest.raises(KeyGone):
        world.survivors.key_of(unit, erased.id)


def test_a_restored_database_works_and_whose_key_is_gone_is_gone(world: World, clock: ManualClock) -> None:
    """The keystore went on for weeks; the database is the old one."""
    known = world.writes()
    world.raises(known)
    for _ in range(2):
        epoch = world.keystore.current.id
        world.keystore.turn(now=clock.now())
        world.keystore.destroy(epoch)
    again = world.writes()
    assert again.id != known.id
    world.raises(again)
    world.epochs.tend()
    with world.database.write() as unit, pytest.raises(KeyGone):
        world.survivors.key_of(unit, known.id)
    assert world.writes().id == again.id
    assert HERS.value not in repr(again)
