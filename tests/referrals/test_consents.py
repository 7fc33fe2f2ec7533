"""A consent is a receipt with an end: named by a code, listed, shortened, withdrawn in one word, and never longer than its purpose allows."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.referrals.consents import actions
from sos.referrals.consents.errors import NoEnd, NoFields, NoSuchConsent
from sos.referrals.consents.states import LONGEST, MOVES, Consent, Field, Purpose
from tests.referrals.agencies import ANA, LEGAL_AID, SHELTER, Desk


@pytest.fixture
def desk(database: Database, keystore: Keystore) -> Desk:
    return Desk(database, keystore)


def opened(desk: Desk, survivor: str) -> set[Field]:
    with desk.database.write() as unit:
        return set(desk.consents.open_fields(unit, survivor, LEGAL_AID, [Purpose.ARRANGE]))


def test_arta_is_given_a_receipt_that_she_can_name(desk: Desk) -> None:
    arta = desk.somebody()
    first, second = desk.agrees(arta), desk.agrees(arta, to=SHELTER)
    assert first.code != second.code
    assert len(first.code) in (2, 3)
    with desk.database.write() as unit:
        listed = {one.code: one.recipient for one in desk.consents.of(unit, arta)}
    assert listed == {first.code: LEGAL_AID, second.code: SHELTER}


@pytest.mark.parametrize("purpose", list(Purpose))
def test_no_consent_is_without_an_end_or_longer_than_its_purpose_allows(desk: Desk, purpose: Purpose) -> None:
    arta, now = desk.somebody(), desk.database.clock.now()
    for until in (now, now - timedelta(days=1), now + LONGEST[purpose] + timedelta(seconds=1)):
        with pytest.raises(NoEnd):
            desk.agrees(arta, until=until, purpose=purpose)
    desk.agrees(arta, until=now + LONGEST[purpose], purpose=purpose)


def test_a_consent_to_share_nothing_is_none(desk: Desk) -> None:
    arta = desk.somebody()
    with pytest.raises(NoFields):
        desk.agrees(arta, fields=frozenset())
    assert desk.agrees(arta, fields=frozenset(), purpose=Purpose.COUNTED).fields == frozenset()


def test_it_opens_its_fields_to_its_recipient_for_its_purpose_until_its_end(desk: Desk, clock: ManualClock) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    assert opened(desk, arta) == {Field.NEEDS, Field.LANGUAGE}
    with desk.database.write() as unit:
        assert not desk.consents.open_fields(unit, arta, SHELTER, [Purpose.ARRANGE])
        assert not desk.consents.open_fields(unit, arta, LEGAL_AID, [Purpose.IN_SERVICE])
    clock.advance(days=20)
    assert opened(desk, arta) == set(), "at its end, whether or not the clockwork has run"
    assert fire_due(desk.database, {actions.KIND: desk.consents.fire}) == 1
    with desk.database.write() as unit:
        assert [one.state for one in desk.consents.of(unit, arta, ended_too=True)] == [Consent.EXPIRED]


def test_an_end_only_comes_nearer(desk: Desk, clock: ManualClock) -> None:
    arta = desk.somebody()
    receipt, now = desk.agrees(arta), desk.database.clock.now()
    with desk.database.write() as unit:
        with pytest.raises(NoEnd):
            desk.consents.shorten(unit, arta, receipt.code, now + timedelta(days=21))
        desk.consents.shorten(unit, arta, receipt.code.lower(), now + timedelta(days=2))
    clock.advance(days=2, seconds=1)
    assert opened(desk, arta) == set()
    assert fire_due(desk.database, {actions.KIND: desk.consents.fire}) == 1


def test_a_withdrawal_by_whoever_holds_the_phone_closes_at_once_and_a_person_decides(desk: Desk) -> None:
    arta = desk.somebody()
    receipt = desk.agrees(arta)
    assert desk.withdraw(arta, verified=False) == 1
    assert opened(desk, arta) == set()
    assert desk.withdraw(arta, verified=False) == 0, "a second one changes nothing"
    with desk.database.write() as unit:
        desk.consents.confirm_again(unit, receipt.id, by=ANA)
    assert opened(desk, arta) == {Field.NEEDS, Field.LANGUAGE}


def test_a_withdrawal_with_the_check_word_is_final(desk: Desk) -> None:
    arta = desk.somebody()
    first, second = desk.agrees(arta), desk.agrees(arta, to=SHELTER)
    assert desk.withdraw(arta, first.code, verified=True) == 1
    with desk.database.write() as unit:
        assert [one.code for one in desk.consents.of(unit, arta)] == [second.code]
    with pytest.raises(NoSuchConsent):
        desk.withdraw(arta, "Q9", verified=True)
    assert desk.withdraw(arta, verified=True) == 1, "what was suspended before is ended too"


def test_a_suspended_one_can_still_be_withdrawn_with_the_check_word(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    desk.withdraw(arta, verified=False)
    assert desk.withdraw(arta, verified=True) == 1


def test_nobody_else_can_name_her_receipt(desk: Desk) -> None:
    arta, vesna = desk.somebody(), desk.somebody("+381600000101")
    receipt = desk.agrees(arta)
    with pytest.raises(NoSuchConsent):
        desk.withdraw(vesna, receipt.code, verified=True)
    assert opened(desk, arta)


def test_the_row_does_not_tell_to_whom_or_what(desk: Desk) -> None:
    desk.agrees(desk.somebody())
    with desk.database.read() as conn:
        (row,) = conn.execute(text("SELECT * FROM consents")).all()
    for telling in (LEGAL_AID.id, "needs", "language", "arrange"):
        assert telling not in repr(tuple(row))


def test_only_a_live_one_can_be_left_and_an_ended_one_stays_ended() -> None:
    assert set(MOVES.ends()) == {Consent.WITHDRAWN, Consent.EXPIRED}
