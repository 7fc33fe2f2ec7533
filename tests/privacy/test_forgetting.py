"""ERASE and the turn of the epochs: what is erased cannot be opened seven days later, in any copy, with every key still held."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from sos.alerts.actions import Alerts
from sos.alerts.check_ins.actions import CheckIns
from sos.alerts.models import AlertRow
from sos.alerts.states import Mark, Outcome
from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.conversations.actions import Conversations, Direction, transcript
from sos.db.database import Database, Unit
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.privacy import erasure
from sos.privacy.epochs import Epochs
from sos.privacy.erasure import Erasure
from sos.shelters.holds.actions import Holds
from sos.shelters.holds.cases import opaque
from sos.staff.actions import Tasks
from sos.survivors.actions import Known, Survivors
from sos.survivors.address import Address, Channel
from sos.survivors.keys import KeyGone, unwrap
from sos.survivors.models import ContactRow, SurvivorRow
from sos.survivors.words import Word
from tests.referrals.agencies import sharing_of
from tests.shelters.units_house import ANA, FAMILY, SINGLE, a_house_with_units

HERS = Address(Channel.SMS, "+38344000100")


class World:
    def __init__(self, database: Database, keystore: Keystore) -> None:
        self.database, self.keystore = database, keystore
        self.audit = Audit(keystore.audit_key)
        self.survivors = Survivors(keystore, self.audit)
        self.conversations = Conversations()
        self.alerts = Alerts(keystore, self.audit)
        self.tasks = Tasks(self.audit)
        check_ins = CheckIns(self.survivors, self.alerts, self.tasks, self.audit)
        sharing = sharing_of(keystore, self.survivors, self.audit, closing=self._closed)
        self.consents, self.referrals, self.overrides = sharing
        self.erasure = Erasure(self.survivors, self.conversations, self.alerts, self.tasks, check_ins, *sharing, lambda: keystore.place_key)
        self.epochs = Epochs(database, keystore, self.audit)

    def _closed(self, unit: Unit, survivor_id: str) -> None:
        self.erasure.closed(unit, survivor_id)

    def writes(self, text: str = "words") -> Known:
        with self.database.write() as unit:
            known = self.survivors.meet(unit, HERS, "generic")
            self.conversations.record(
                unit, {"text": text}, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, direction=Direction.IN
            )
        return known

    def raises(self, known: Known) -> int:
        with self.database.write() as unit:
            return self.alerts.raise_alert(unit, address=HERS, survivor_id=known.id, reason="sos", words="SOS").number

    def erases(self, known: Known, *, verified: bool = False) -> bool:
        with self.database.write() as unit:
            return self.erasure.erase(unit, known, verified=verified)


@pytest.fixture
def world(database: Database, keystore: Keystore) -> World:
    return World(database, keystore)


def test_she_is_recognised_by_her_address_and_her_words_open_only_with_her_key(world: World) -> None:
    first, second = world.writes("a"), world.writes("b")
    assert (first.id, first.new, second.new) == (second.id, True, False)
    with world.database.read() as conn:
        assert [said.body["text"] for said in transcript(conn, survivor_id=first.id, key=second.key.raw)] == ["a", "b"]


def test_erase_with_nothing_open_destroys_her_key_at_once(world: World) -> None:
    known = world.writes()
    assert world.erases(known)
    with world.database.write() as unit, pytest.raises(KeyGone):
        world.survivors.key_of(unit, known.id)
    assert world.writes().id != known.id, "her next message meets an empty box"


def test_erase_with_an_open_alert_hides_now_and_destroys_within_72_hours(world: World, clock: ManualClock) -> None:
    known = world.writes()
    number = world.raises(known)
    assert not world.erases(known)
    assert world.writes().id != known.id
    with world.database.write() as unit:
        again = world.alerts.raise_alert(unit, address=HERS, survivor_id=None, reason="sos", words="SOS")
    assert (again.number, again.repeated) == (number, True), "another SOS from the device still folds into the same alert"
    clock.advance(hours=73)
    fire_due(world.database, {**world.alerts.handlers(), erasure.KIND: world.erasure.fire})
    with world.database.write() as unit, pytest.raises(KeyGone):
        world.survivors.key_of(unit, known.id)


def test_a_room_kept_for_her_waits_as_an_alert_does_and_goes_on_when_it_ends(world: World, clock: ManualClock) -> None:
    house = a_house_with_units(world.database, world.keystore, labels=("S1", "F1"))
    house.holds = Holds(lambda: world.keystore.place_key, house.units, world.audit, ended=world.erasure.hold_ended)
    known, places = world.writes(), world.keystore.place_key
    with world.database.write() as unit:
        alert = world.alerts.raise_alert(unit, address=HERS, survivor_id=known.id, reason="sos", words="SOS")
        world.alerts.take(unit, alert.id, ANA)
        world.alerts.opened(unit, alert.id, ANA)
        world.alerts.answered(unit, alert.id, ANA)
        until, case = unit.now + timedelta(days=2), opaque(places, alert.id)
        hers = house.holds.hold(unit, house.service_id, SINGLE, case=case, until=until, by=ANA).id
        another = house.holds.hold(unit, house.service_id, FAMILY, case=opaque(places, "c" * 32), until=until, by=ANA).id
        world.alerts.close(unit, alert.id, ANA, Outcome.SAFE_FOR_NOW, "")
    assert not world.erases(known), "nothing but the room is open, and no word was said"
    assert world.writes().id != known.id, "hidden from her device at once"
    with world.database.write() as unit:
        house.holds.release(unit, another, by=ANA)
        world.survivors.key_of(unit, known.id)
        house.holds.release(unit, hers, by=ANA)
        with pytest.raises(KeyGone):
            world.survivors.key_of(unit, known.id)


def test_a_room_that_is_kept_for_longer_holds_nothing_back_beyond_72_hours(world: World, clock: ManualClock) -> None:
    house = a_house_with_units(world.database, world.keystore, labels=("S1",))
    known = world.writes()
    with world.database.write() as unit:
        case = opaque(world.keystore.place_key, known.id)
        house.holds.hold(unit, house.service_id, SINGLE, case=case, until=unit.now + timedelta(days=9), by=ANA)
    assert not world.erases(known)
    clock.advance(hours=73)
    fire_due(world.database, {erasure.KIND: world.erasure.fire})
    with world.database.write() as unit, pytest.raises(KeyGone):
        world.survivors.key_of(unit, known.id)


def test_with_the_check_word_a_room_that_is_kept_holds_nothing_back(world: World) -> None:
    house = a_house_with_units(world.database, world.keystore, labels=("S1",))
    known = world.writes()
    with world.database.write() as unit:
        case = opaque(world.keystore.place_key, known.id)
        house.holds.hold(unit, house.service_id, SINGLE, case=case, until=unit.now + timedelta(days=2), by=ANA)
    assert world.erases(known, verified=True)


def test_a_restored_backup_is_erased_again(world: World, tmp_path: Path) -> None:
    known = world.writes()
    with world.database.read() as conn:
        row = conn.execute(select(SurvivorRow.__table__)).one()
    world.erases(known)
    with pytest.raises(KeyGone):
        unwrap(world.keystore, epoch=row.key_epoch, wrapped=row.wrapped_key, table="survivors", row=row.id)


def test_after_seven_days_no_copy_opens_what_was_erased(world: World, clock: ManualClock, tmp_path: Path) -> None:
    known, kept = world.writes(), Address(Channel.SMS, "+38344000101")
    with world.database.write() as unit:
        other = world.survivors.meet(unit, kept, "generic")
    with world.database.read() as conn:
        backup = conn.execute(select(SurvivorRow.__table__).where(SurvivorRow.id == known.id)).one()
    world.erases(known)
    for _ in range(7):
        clock.advance(days=1)
        world.epochs.tend()
    shutil.copytree(world.keystore.folder, tmp_path / "held")
    held = Keystore.open(tmp_path / "held")
    assert backup.key_epoch not in {epoch.id for epoch in held.epochs}
    with pytest.raises(KeyGone):
        unwrap(held, epoch=backup.key_epoch, wrapped=backup.wrapped_key, table="survivors", row=backup.id)
    with world.database.write() as unit:
        assert world.survivors.meet(unit, kept, "generic").id == other.id, "everybody else is still found and readable"


def test_the_turn_moves_alerts_and_words_too(world: World, clock: ManualClock) -> None:
    known = world.writes()
    number = world.raises(known)
    with world.database.write() as unit:
        world.survivors.agree_word(unit, known, Word.CHECK, "lulekuqe")
        phrase = world.survivors.code_phrase(unit, known)
    for _ in range(7):
        clock.advance(days=1)
        world.epochs.tend()
    assert len(world.keystore.epochs) == 1
    with world.database.write() as unit:
        again = world.survivors.meet(unit, HERS, "generic")
        assert world.survivors.said_word(unit, again, "LuleKuqe!") is Word.CHECK
        assert world.alerts.open_for(unit, HERS).number == number
        found = world.survivors.return_by_phrase(unit, Address(Channel.WEB, "other device"), phrase)
    assert found is not None
    assert found.id == known.id


def test_the_turn_does_not_find_a_hidden_person_again(world: World, clock: ManualClock) -> None:
    known = world.writes()
    world.raises(known)
    assert not world.erases(known)
    clock.advance(days=5)
    world.keystore.turn(now=clock.now())
    world.epochs.move_chunk()
    assert world.writes().id != known.id


def test_a_turn_never_brings_an_erased_key_back(world: World, clock: ManualClock) -> None:
    known = world.writes()
    clock.advance(days=5)
    world.keystore.turn(now=clock.now())
    world.erases(known)
    world.epochs.move_chunk()
    with world.database.read() as conn:
        assert conn.execute(select(SurvivorRow.wrapped_key)).scalar_one() is None


def test_a_cancel_is_a_mark_and_the_alert_stays_open(world: World) -> None:
    known = world.writes()
    world.raises(known)
    with world.database.write() as unit:
        assert world.alerts.mark(unit, HERS, Mark.CANCEL)
    with world.database.read() as conn:
        assert conn.execute(select(AlertRow.state)).scalar_one() == "received"


def test_after_seven_repeats_there_is_one_alert_with_a_counter(world: World) -> None:
    known = world.writes()
    numbers = {world.raises(known) for _ in range(7)}
    assert len(numbers) == 1
    with world.database.write() as unit:
        assert world.alerts.open_for(unit, HERS).count == 7
    with world.database.read() as conn:
        assert conn.execute(select(AlertRow.count)).scalar_one() == 7


def test_no_row_shows_a_number_or_a_word(world: World) -> None:
    known = world.writes("me rrah")
    with world.database.write() as unit:
        world.survivors.agree_word(unit, known, Word.COVER, "buka")
    with world.database.read() as conn:
        rows = repr(conn.execute(select(ContactRow.__table__)).all())
    assert "38344000100" not in rows
    assert "38344000100" not in repr(known)
