"""A referral rests on a consent that lives now: without it nothing is sent, nothing is read, and nobody sees that there ever was one."""

import contextlib
import functools
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import insert

from sos.alerts.models import AlertBarRow
from sos.clock import ManualClock
from sos.db.database import Database
from sos.db.migrate import upgrade
from sos.db.statements import AlreadyMoved
from sos.db.types import new_id
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.referrals.access import Viewer
from sos.referrals.actions import KIND
from sos.referrals.consents import actions as consents
from sos.referrals.consents.receipts import Receipt
from sos.referrals.consents.states import Field
from sos.referrals.errors import NoConsent, NoSuchReferral, NotApproved
from sos.referrals.states import MOVES, WAITS, Decline, Programme, Referral
from sos.survivors.keys import KeyGone
from sos.transitions import IllegalMove
from tests.conftest import START
from tests.referrals.agencies import ANA, HOTLINE, LAWYER, LEGAL_AID, MIRA, NEEDS, SHELTER, WARDEN, Desk


@pytest.fixture
def desk(database: Database, keystore: Keystore) -> Desk:
    return Desk(database, keystore)


def act(desk: Desk, referral: str, how: str, viewer: Viewer = LAWYER, reason: Decline | None = None) -> Referral:
    with desk.database.write() as unit:
        return desk.referrals.act(unit, referral, viewer, how, reason=reason)


def test_without_consent_nothing_is_sent(desk: Desk) -> None:
    arta = desk.somebody()
    with pytest.raises(NoConsent):
        desk.refer(arta)
    desk.agrees(arta, to=SHELTER)
    with pytest.raises(NoConsent):
        desk.refer(arta)
    assert not desk.heard.new


def test_no_field_beyond_the_consented_ones_is_sent(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    for extra in set(Field) - set(NEEDS):
        with pytest.raises(NoConsent):
            desk.refer(arta, values=NEEDS | {extra: "x"})
    assert desk.read(desk.refer(arta)) == NEEDS


def test_a_lawyer_takes_a_case_from_seen_to_completed(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    assert desk.heard.new == [referral]
    assert [act(desk, referral, how).value for how in ("see", "accept", "begin", "complete")] == [
        "seen",
        "accepted",
        "in_service",
        "completed",
    ]
    with pytest.raises(IllegalMove):
        act(desk, referral, "accept")


def test_a_decline_has_a_coded_reason_and_a_refused_group_goes_to_a_supervisor(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    with pytest.raises(ValueError, match="reason"):
        act(desk, referral, "decline")
    assert act(desk, referral, "decline", reason=Decline.GROUP_REFUSED) is Referral.DECLINED
    assert desk.heard.refused == [referral]
    assert desk.read(referral) is None, "what was declined keeps nothing of hers"


def test_another_agency_and_a_barred_member_find_nothing_by_any_way(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    number = desk.number(referral)
    assert desk.sees(LAWYER, referral, number) == [True] * 4
    assert desk.sees(WARDEN, referral, number) == [False] * 4
    with desk.database.write() as unit:
        bar = {"id": new_id(), "member_id": MIRA, "alert_id": None, "survivor_id": arta, "by": ANA, "at": unit.now}
        unit.conn.execute(insert(AlertBarRow).values(bar))
    assert desk.sees(LAWYER, referral, number) == [False] * 4
    with pytest.raises(NoSuchReferral):
        act(desk, referral, "accept")
    with pytest.raises(NoSuchReferral):
        act(desk, referral, "accept", WARDEN)


@pytest.mark.parametrize("verified", [True, False], ids=["with the check word", "by whoever holds the phone"])
def test_a_withdrawal_closes_every_way_at_once(desk: Desk, verified: bool) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    number = desk.number(referral)
    desk.withdraw(arta, verified=verified)
    for viewer in (LAWYER, HOTLINE):
        assert desk.sees(viewer, referral, number) == [False] * 4
    with pytest.raises(NoSuchReferral):
        act(desk, referral, "accept")


def test_a_suspended_referral_comes_back_when_she_confirms_and_a_withdrawn_one_never(desk: Desk) -> None:
    arta = desk.somebody()
    receipt = desk.agrees(arta)
    referral = desk.refer(arta)
    desk.withdraw(arta, verified=False)
    with desk.database.write() as unit:
        desk.consents.confirm_again(unit, receipt.id, by=ANA)
    assert desk.read(referral) == NEEDS
    desk.withdraw(arta, verified=True)
    desk.agrees(arta)
    assert desk.read(referral) is None, "a new consent is for a new referral"


def test_an_expired_consent_shows_nothing_even_before_the_clockwork_runs(desk: Desk, clock: ManualClock) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    number = desk.number(referral)
    clock.advance(days=20)
    assert desk.sees(LAWYER, referral, number) == [False] * 4
    fire_due(desk.database, {consents.KIND: desk.consents.fire, KIND: desk.referrals.fire})
    assert desk.sees(LAWYER, referral, number) == [False] * 4


def test_what_nobody_answers_is_told_to_both_sides_once_for_each_wait(desk: Desk, clock: ManualClock) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    handlers = {KIND: desk.referrals.fire, consents.KIND: desk.consents.fire}
    clock.advance(seconds=WAITS[Referral.SENT].total_seconds() + 1)
    for _ in range(3):
        fire_due(desk.database, handlers)
    assert desk.heard.late == [referral]
    act(desk, referral, "see")
    clock.advance(seconds=WAITS[Referral.SEEN].total_seconds() + 1)
    fire_due(desk.database, handlers)
    assert desk.heard.late == [referral, referral]
    act(desk, referral, "accept")
    act(desk, referral, "begin")
    clock.advance(days=10)
    fire_due(desk.database, handlers)
    assert len(desk.heard.late) == 2


def test_household_records_and_protection_records_never_meet(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    with desk.database.write() as unit:
        aid = desk.referrals.send(unit, survivor_id=arta, recipient=LEGAL_AID, values=NEEDS, by=ANA, programme=Programme.HOUSEHOLD)
    assert desk.read(aid) is None
    assert desk.read(aid, Viewer(MIRA, LEGAL_AID, Programme.HOUSEHOLD)) == NEEDS
    referral = desk.refer(arta)
    assert desk.read(referral, Viewer(MIRA, LEGAL_AID, Programme.HOUSEHOLD)) is None


def test_erased_she_is_nobodys_case(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    with desk.database.write() as unit:
        desk.referrals.forget_person(unit, arta)
        desk.survivors.destroy_key(unit, arta)
    assert desk.read(referral) is None
    with pytest.raises(KeyGone):
        desk.refer(arta)


def test_every_wait_belongs_to_a_state_that_can_fall_due() -> None:
    assert set(WAITS) == {state for state, moves in MOVES.moves.items() if "fall_due" in moves}


@functools.cache
def _migrated() -> bytes:
    """An empty database at its head, made once."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sos.db"
        database = Database(f"sqlite:///{file}", ManualClock(START))
        upgrade(database)
        with database.engine.connect() as conn:
            conn.exec_driver_sql("ROLLBACK")
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        return file.read_bytes()


class Sharing(RuleBasedStateMachine):
    """Any order of giving, sending, answering, withdrawing, confirming and waiting: no read without a live consent, no field beyond it."""

    receipts, sent = Bundle("receipts"), Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock(START)
        file = Path(self.folder.name) / "sos.db"
        file.write_bytes(_migrated())
        database = Database(f"sqlite:///{file}", self.clock)
        self.desk = Desk(database, Keystore.create(Path(self.folder.name) / "keys", now=self.clock.now()))
        self.people = [self.desk.somebody(), self.desk.somebody("+381600000101")]
        self.ground: dict[str, Receipt] = {}
        self.ended: set[str] = set()

    @rule(
        target=receipts,
        who=st.integers(0, 1),
        to=st.sampled_from([LEGAL_AID, SHELTER]),
        fields=st.frozensets(st.sampled_from(Field), min_size=1),
        days=st.integers(1, 30),
    )
    def agree(self, who: int, to: object, fields: frozenset[Field], days: int) -> tuple[str, Receipt]:
        until = self.clock.now() + timedelta(days=days)
        return self.people[who], self.desk.agrees(self.people[who], to=to, fields=fields, until=until)  # type: ignore[arg-type]

    @rule(target=sent, given=receipts, names=st.frozensets(st.sampled_from(Field), min_size=1), to=st.sampled_from([LEGAL_AID, SHELTER]))
    def send(self, given: tuple[str, Receipt], names: frozenset[Field], to: object) -> str | None:
        try:
            return self.desk.refer(given[0], to=to, values={name: f"her {name.value}" for name in names})  # type: ignore[arg-type]
        except (NoConsent, NotApproved):  # she has approved no summary here
            return None

    @rule(given=receipts, verified=st.booleans())
    def withdraw(self, given: tuple[str, Receipt], verified: bool) -> None:
        self.desk.withdraw(given[0], given[1].code, verified=verified)

    @rule(given=receipts)
    def confirm(self, given: tuple[str, Receipt]) -> None:
        try:
            with self.desk.database.write() as unit:
                self.desk.consents.confirm_again(unit, given[1].id, by=ANA)
        except (IllegalMove, AlreadyMoved):
            pass

    @rule(referral=sent, how=st.sampled_from(["see", "accept", "begin", "complete", "decline"]), viewer=st.sampled_from([LAWYER, WARDEN]))
    def answer(self, referral: str | None, how: str, viewer: Viewer) -> None:
        with contextlib.suppress(NoSuchReferral, IllegalMove):
            act(self.desk, referral or "0" * 32, how, viewer, Decline.FULL if how == "decline" else None)

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours=hours)
        fire_due(self.desk.database, {KIND: self.desk.referrals.fire, consents.KIND: self.desk.consents.fire})

    steps = 0
    """Of all runs of this process, for whoever counts."""

    @invariant()
    def counted(self) -> None:
        Sharing.steps += 1

    @invariant()
    def only_a_live_consent_shows_and_only_its_fields(self) -> None:
        desk, now = self.desk, self.clock.now()
        with desk.database.write() as unit:
            live = [(who, one) for who in self.people for one in desk.consents.of(unit, who) if one.opens(now)]
        for viewer in (LAWYER, WARDEN):
            with desk.database.read() as conn:
                listed = desk.reading.items(conn, viewer, now)
                assert desk.reading.count(conn, viewer, now) == len(listed)
            for item in listed:
                with desk.database.write() as unit:
                    shown = desk.reading.open(unit, item.id, viewer)
                allowed = [
                    one.fields for who, one in live if viewer.agency == one.recipient and (shown is None or who == shown.survivor_id)
                ]
                assert allowed
                if shown is not None:
                    assert any(set(shown.fields) <= fields for fields in allowed)

    def teardown(self) -> None:
        self.desk.database.dispose()
        self.folder.cleanup()


TestSharing = Sharing.TestCase
TestSharing.settings = settings(max_examples=12, stateful_step_count=25)
