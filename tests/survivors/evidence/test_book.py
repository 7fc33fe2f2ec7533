"""Her evidence on both databases: sealed, chained, moved with the epochs, gone when she says so, shown to nobody else unless she shares it."""

import pytest
from sqlalchemy import select, update

from sos.audit.models import AuditRow
from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.privacy.retention import forget_old
from sos.rooms import Rooms
from sos.survivors.actions import Known
from sos.survivors.address import Address, Channel
from sos.survivors.evidence import chain
from sos.survivors.evidence.actions import Original, Wanted
from sos.survivors.evidence.errors import NoSuchEvidence, NotShared, TooLarge
from sos.survivors.evidence.models import EvidenceChunkRow, EvidenceRow
from sos.survivors.evidence.states import MOST_BYTES, Medium
from sos.survivors.keys import KeyGone
from sos.survivors.own_keys import unwrap_within
from sos.survivors.safety_plan.models import OwnPlanRow
from sos.survivors.safety_plan.states import Part
from tests.bot.talking import CONFIG

HERS = Address(Channel.SMS, "+38344000100")
BODY = b"planted zvrkolampa " * 9000


class World:
    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.rooms = Rooms(database=database, keystore=keystore, clock=clock, config=CONFIG, demo=True)
        self.database, self.clock = database, clock

    def meets(self, address: Address = HERS) -> Known:
        with self.database.write() as unit:
            return self.rooms.survivors.meet(unit, address, "generic")

    def keeps(self, known: Known, body: bytes = BODY) -> chain.Item:
        with self.database.write() as unit:
            original = Original(Medium.PHOTO, body, "telegram", unit.now, name="kopriva.jpg")
            return self.rooms.evidence.keep(unit, original, survivor_id=known.id, key=known.key)

    def items(self, known: Known) -> list[chain.Item]:
        with self.database.read() as conn:
            return self.rooms.evidence_reading.items(conn, survivor_id=known.id, key=known.key)

    def body(self, known: Known, item_id: str) -> bytes:
        with self.database.read() as conn:
            return self.rooms.evidence_reading.body(conn, item_id, survivor_id=known.id, key=known.key)


@pytest.fixture
def world(database: Database, keystore: Keystore, clock: ManualClock) -> World:
    return World(database, keystore, clock)


def test_it_comes_back_bit_for_bit_and_no_row_shows_it(world: World) -> None:
    known = world.meets()
    item = world.keeps(known)
    assert world.body(known, item.id) == BODY
    with world.database.read() as conn:
        rows = repr(conn.execute(select(EvidenceRow.__table__)).all()) + repr(conn.execute(select(EvidenceChunkRow.__table__)).all())
    assert "zvrkolampa" not in rows
    assert "kopriva" not in rows
    assert item.card
    assert item.card.sha256 not in rows
    assert "kopriva" not in repr(item)


def test_a_change_in_the_database_shows(world: World) -> None:
    known = world.meets()
    items = [world.keeps(known, b"%d" % n) for n in range(4)]
    assert chain.broken(world.items(known)) == ()
    with world.database.write() as unit:
        unit.conn.execute(update(EvidenceRow).where(EvidenceRow.id == items[1].id).values(link=bytes(32)))
    assert 2 in chain.broken(world.items(known))
    with world.database.write() as unit:  # two rows change places: what is sealed for a row opens in no other
        cards = {row.id: row.card for row in unit.conn.execute(select(EvidenceRow.id, EvidenceRow.card))}
        unit.conn.execute(update(EvidenceRow).where(EvidenceRow.id == items[2].id).values(card=cards[items[3].id]))
    assert 3 in chain.broken(world.items(known))
    with world.database.write() as unit:
        unit.conn.execute(EvidenceRow.__table__.delete().where(EvidenceRow.id == items[0].id))
    assert 1 in chain.broken(world.items(known))


def test_a_missing_part_gives_no_body_rather_than_a_wrong_one(world: World) -> None:
    known = world.meets()
    item = world.keeps(known)
    with world.database.write() as unit:
        unit.conn.execute(EvidenceChunkRow.__table__.delete().where(EvidenceChunkRow.n == 2))
    with pytest.raises(NoSuchEvidence):
        world.body(known, item.id)


def test_what_is_too_large_leaves_nothing(world: World) -> None:
    known = world.meets()
    with pytest.raises(TooLarge):
        world.keeps(known, bytes(MOST_BYTES + 1))
    assert world.items(known) == []


def test_nobody_sees_it_unless_she_shares_it_and_each_look_is_noted(world: World) -> None:
    known = world.meets()
    item, reading = world.keeps(known), world.rooms.evidence_reading
    hers = {"survivor_id": known.id, "key": known.key}
    with world.database.write() as unit, pytest.raises(NotShared):
        reading.show(unit, item.id, **hers, by="member1")
    with world.database.write() as unit:
        world.rooms.evidence.share(unit, item.id, survivor_id=known.id)
    with world.database.write() as unit:
        assert reading.show(unit, item.id, **hers, by="member1").body == BODY
    with world.database.write() as unit:
        world.rooms.evidence.unshare(unit, item.id, survivor_id=known.id)
    with world.database.write() as unit, pytest.raises(NotShared):
        reading.show(unit, item.id, **hers, by="member1")
    with world.database.read() as conn:
        seen = conn.execute(select(AuditRow.actor, AuditRow.subject).where(AuditRow.kind == "evidence.read")).all()
    assert [tuple(row) for row in seen] == [("member1", item.id)]


def test_nobody_elses_key_opens_shares_or_erases_it(world: World) -> None:
    known, other = world.meets(), world.meets(Address(Channel.SMS, "+38344000101"))
    item = world.keeps(known)
    with pytest.raises(NoSuchEvidence):
        world.body(other, item.id)
    for act in (world.rooms.evidence.share, world.rooms.evidence.erase):
        with world.database.write() as unit, pytest.raises(NoSuchEvidence):
            act(unit, item.id, survivor_id=other.id)


def _turned(world: World, days: int = 7) -> None:
    for _ in range(days):
        world.clock.advance(days=1)
        world.rooms.epochs.tend()


def test_it_outlives_the_turn_of_the_epochs(world: World) -> None:
    known = world.meets()
    item = world.keeps(known)
    with world.database.write() as unit:
        world.rooms.own_plans.write(unit, Part.BAG, "under the stairs", survivor_id=known.id, key=known.key)
    _turned(world, 12)
    assert len(world.rooms.keystore.epochs) == 1, "nothing of hers holds an old epoch back"
    again = world.meets()
    assert world.body(again, item.id) == BODY
    with world.database.read() as conn:
        assert world.rooms.own_plans.read(conn, survivor_id=again.id, key=again.key).parts == {Part.BAG: "under the stairs"}


@pytest.mark.parametrize("model", [EvidenceRow, OwnPlanRow], ids=["one item", "the plan"])
def test_erased_alone_no_copy_opens_after_seven_days_although_her_own_key_lives(
    world: World, model: type[EvidenceRow | OwnPlanRow]
) -> None:
    known = world.meets()
    item = world.keeps(known)
    with world.database.write() as unit:
        world.rooms.own_plans.write(unit, Part.BAG, "under the stairs", survivor_id=known.id, key=known.key)
    with world.database.read() as conn:
        backup = conn.execute(select(model.__table__)).one()
    with world.database.write() as unit:
        world.rooms.evidence.erase(unit, item.id, survivor_id=known.id)
        world.rooms.own_plans.erase(unit, survivor_id=known.id)
    with pytest.raises(KeyGone):
        _unwrap(world, known, model, backup)  # a restored backup: noted as erased
    _turned(world)
    again = world.meets()
    assert again.id == known.id
    assert backup.key_epoch not in {epoch.id for epoch in world.rooms.keystore.epochs}
    with pytest.raises(KeyGone):
        _unwrap(world, again, model, backup)


def _unwrap(world: World, known: Known, model: type[EvidenceRow | OwnPlanRow], row: object) -> object:
    return unwrap_within(
        world.rooms.keystore, known.key, epoch=row.key_epoch, wrapped=row.wrapped_key, table=model.__tablename__, row=row.id
    )


def test_after_erase_nothing_is_left(world: World) -> None:
    known = world.meets()
    world.keeps(known)
    with world.database.write() as unit:
        world.rooms.own_plans.write(unit, Part.BAG, "x", survivor_id=known.id, key=known.key)
        assert world.rooms.erasure.erase(unit, known)
    with world.database.read() as conn:
        for model in (EvidenceRow, EvidenceChunkRow, OwnPlanRow):
            assert conn.execute(select(model.__table__)).all() == []


def test_what_cannot_be_fetched_is_forgotten_in_hours(world: World) -> None:
    known = world.meets()
    with world.database.write() as unit:
        wanted = Wanted(Medium.FILE, "reference", known.contact_id, "telegram", unit.now)
        world.rooms.evidence.want(unit, wanted, survivor_id=known.id, key=known.key)
    world.clock.advance(hours=1)
    forget_old(world.database, world.rooms.keystore)
    with world.database.read() as conn:
        assert len(conn.execute(select(EvidenceRow.__table__)).all()) == 1
    world.clock.advance(hours=2)
    forget_old(world.database, world.rooms.keystore)
    with world.database.read() as conn:
        assert conn.execute(select(EvidenceRow.__table__)).all() == []
