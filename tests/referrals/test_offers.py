"""Offers with dates and places: a place is taken once, several may apply together, and nobody is written to unasked."""

import contextlib
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.keys.keystore import Keystore
from sos.referrals.offers.actions import NoPlaceLeft, NoSuchOffer, NotTogether, Offers, forget_old
from sos.referrals.offers.queries import all_offers, applications, open_offers
from sos.referrals.offers.states import Application, Eligible, Offer, OfferKind
from sos.survivors.keys import PersonKey
from sos.transitions import IllegalMove
from tests.referrals.agencies import ANA, Desk

TODAY = date(2026, 11, 23)
SEWING = Offer(
    "1" * 32,
    OfferKind.TRAINING,
    "Sewing course (demonstration)",
    "An invented centre",
    "xk-peje",
    TODAY - timedelta(days=2),
    TODAY + timedelta(days=5),
    2,
    2,
    frozenset({Eligible.OVER_18}),
    "invented",
    TODAY,
)


class Office(Desk):
    def __init__(self, database: Database, keystore: Keystore) -> None:
        super().__init__(database, keystore)
        self.left_tasks: list[tuple[str, str]] = []
        self.offers = Offers(self.survivors, self, Audit(keystore.audit_key))

    def offer_for_her(self, unit: Unit, *, survivor_id: str, key: PersonKey, offer: Offer) -> None:
        self.left_tasks.append((survivor_id, offer.id))

    def publish(self, offer: Offer = SEWING) -> int:
        with self.database.write() as unit:
            return self.offers.publish(unit, offer, by=ANA)

    def note(self, *people: str, today: date = TODAY, offer: Offer = SEWING) -> str:
        with self.database.write() as unit:
            return self.offers.note(unit, offer.id, people, today=today, by=ANA)

    def move(self, application: str, how: str) -> Application:
        with self.database.write() as unit:
            return self.offers.move(unit, application, how, by=ANA)

    def left(self) -> int | None:
        with self.database.read() as conn:
            return next((one.left for one in open_offers(conn, TODAY)), None)


@pytest.fixture
def office(database: Database, keystore: Keystore) -> Office:
    return Office(database, keystore)


def test_a_place_is_taken_and_free_again_when_it_is_given_up(office: Office) -> None:
    office.publish()
    arta = office.somebody()
    application = office.note(arta)
    assert office.left() == 1
    assert [office.move(application, how).value for how in ("apply", "accept")] == ["applied", "accepted"]
    office.move(application, "withdraw")
    assert office.left() == 2
    with pytest.raises(IllegalMove):
        office.move(application, "accept")


def test_the_last_place_is_taken_by_one_of_many(office: Office) -> None:
    office.publish(replace(SEWING, places=1, left=1))
    people = [office.somebody(f"+3834400010{n}") for n in range(8)]
    got: list[str] = []

    def reach(who: str) -> None:
        with contextlib.suppress(NoPlaceLeft):
            got.append(office.note(who))

    hands = [threading.Thread(target=reach, args=(who,)) for who in people]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(got) == 1
    assert office.left() is None, "a full call is not shown as open"


@pytest.mark.parametrize(("day", "why"), [(TODAY - timedelta(days=3), "not open yet"), (TODAY + timedelta(days=6), "closed")])
def test_outside_its_dates_nothing_is_taken(office: Office, day: date, why: str) -> None:
    office.publish()
    with pytest.raises(NoPlaceLeft):
        office.note(office.somebody(), today=day)
    with office.database.read() as conn:
        assert open_offers(conn, day) == [], why


def test_several_apply_together_only_where_the_offer_says_so(office: Office) -> None:
    office.publish()
    joint = replace(SEWING, id="2" * 32, kind=OfferKind.GRANT, conditions=frozenset({Eligible.JOINT}))
    office.publish(joint)
    two = office.somebody(), office.somebody("+38344000102")
    with pytest.raises(NotTogether):
        office.note(*two)
    with pytest.raises(NotTogether):
        office.note()
    together = office.note(*two, offer=joint)
    with office.database.write() as unit:
        office.offers.forget_person(unit, two[0])
    assert office.move(together, "apply") is Application.APPLIED, "the others go on without her"
    with office.database.write() as unit:
        office.offers.forget_person(unit, two[1])
    with pytest.raises(IllegalMove):
        office.move(together, "accept")


def test_who_asked_for_it_gets_a_task_for_a_person_and_no_text(office: Office) -> None:
    peja, prizren, other = office.somebody(), office.somebody("+38344000102"), office.somebody("+38344000103")
    with office.database.write() as unit:
        office.offers.wish(unit, survivor_id=peja, kind=OfferKind.TRAINING, area="xk-peje")
        office.offers.wish(unit, survivor_id=prizren, kind=OfferKind.TRAINING, area="xk-prizren")
        office.offers.wish(unit, survivor_id=other, kind=OfferKind.JOB, area="xk-peje")
    assert office.publish() == 1
    assert office.left_tasks == [(peja, SEWING.id)]
    with office.database.write() as unit:
        assert unit.conn.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0


@pytest.mark.parametrize(
    ("area", "not_met", "fits"),
    [
        ("xk-peje", frozenset(), True),
        ("xk-prizren", frozenset(), False),
        (None, frozenset(), True),
        ("xk-peje", frozenset({Eligible.OVER_18}), False),
        ("xk-peje", frozenset({Eligible.HAS_LAND}), True),
    ],
)
def test_what_is_not_known_of_her_excludes_nobody(area: str | None, not_met: frozenset[Eligible], fits: bool) -> None:
    assert SEWING.fits(area=area, not_met=not_met) is fits
    assert replace(SEWING, area="XK").fits(area="xk-prizren")


def test_what_is_open_already_leaves_its_task_when_she_asks_and_a_wish_can_be_taken_back(office: Office) -> None:
    office.publish()
    arta = office.somebody()
    with office.database.write() as unit:
        office.offers.wish(unit, survivor_id=arta, kind=OfferKind.TRAINING, area="xk-peje", today=TODAY)
        office.offers.wish(unit, survivor_id=arta, kind=OfferKind.TRAINING, area="xk-prizren", today=TODAY)
        assert office.left_tasks == [(arta, SEWING.id)]
        assert office.offers.unwish(unit, survivor_id=arta, kind=OfferKind.TRAINING)
        assert not office.offers.unwish(unit, survivor_id=arta, kind=OfferKind.TRAINING)
    assert office.publish(replace(SEWING, id="3" * 32)) == 0


def test_a_closed_offer_takes_nobody_and_applications_go_on(office: Office) -> None:
    office.publish()
    arta = office.somebody()
    application = office.note(arta)
    with office.database.write() as unit:
        office.offers.close(unit, SEWING.id, by=ANA)
        office.offers.close(unit, SEWING.id, by=ANA)
        with pytest.raises(NoSuchOffer):
            office.offers.close(unit, "0" * 32, by=ANA)
    with pytest.raises(NoPlaceLeft):
        office.note(office.somebody("+38344000102"))
    assert office.left() is None
    assert office.move(application, "apply") is Application.APPLIED


def test_an_application_tells_how_many_and_never_who_and_is_not_there_for_whom_one_of_them_is_barred(office: Office) -> None:
    joint = replace(SEWING, conditions=frozenset({Eligible.JOINT}))
    office.publish(joint)
    two = office.somebody(), office.somebody("+38344000102")
    together = office.note(*two, offer=joint)
    with office.database.read() as conn:
        (hers,) = applications(conn, survivor_id=two[0])
        assert (hers.id, hers.people) == (together, 2)
        assert not any(one in repr(hers) for one in two)
        assert applications(conn, offer_id=joint.id, barred=[two[1]]) == []
        assert applications(conn, survivor_id=two[0], barred=[two[1]]) == []


def test_a_year_after_it_ended_nothing_of_an_application_is_kept(office: Office, clock: ManualClock) -> None:
    office.publish()
    application = office.note(office.somebody())
    open_still = office.note(office.somebody("+38344000102"))
    office.move(application, "withdraw")
    clock.advance(days=366)
    with office.database.write() as unit:
        forget_old(unit)
        assert [one.id for one in applications(unit.conn)] == [open_still]
        assert all_offers(unit.conn) != [], "what an open application is about stays"
    office.move(open_still, "withdraw")
    clock.advance(days=366)
    with office.database.write() as unit:
        forget_old(unit)
        assert applications(unit.conn) == []
        assert all_offers(unit.conn) == []
