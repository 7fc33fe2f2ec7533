"""Appointments at her time, with a reminder in her own neutral words; document cases as steps that only their mediator sees."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.referrals.appointments.actions import REMIND, Appointments, NoSuchAppointment, NotThen, forget_old
from sos.referrals.appointments.states import Appointment, AppointmentKind
from sos.referrals.document_cases.actions import LATE, NOBODY, DocumentCases, NoSuchCase
from sos.referrals.document_cases.states import STEP_MOVES, STEPS, DocumentCase, DocumentKind, Step
from sos.transitions import IllegalMove
from tests.referrals.agencies import ANA, MIRA, Desk


class Office(Desk):
    def __init__(self, database: Database, keystore: Keystore) -> None:
        super().__init__(database, keystore)
        self.reminded: list[str] = []
        self.waits: list[str] = []
        audit = Audit(keystore.audit_key)
        self.appointments = Appointments(self.survivors, self, audit)
        self.cases = DocumentCases(self.survivors, self, audit)
        self.arta = self.somebody()

    def remind(self, unit: Unit, *, survivor_id: str, words: str) -> None:
        self.reminded.append(words)

    def step_waits(self, unit: Unit, *, mediator: str) -> None:
        self.waits.append(mediator)

    def agree(self, *, hours: float = 24, reminder: str = "Your parcel is ready", minutes: int = 60) -> str:
        with self.database.write() as unit:
            return self.appointments.agree(
                unit,
                survivor_id=self.arta,
                kind=AppointmentKind.HOME_CARE,
                starts_at=unit.now + timedelta(hours=hours),
                minutes=minutes,
                by=ANA,
                with_whom="a nurse",
                where="at the bakery",
                cover="a delivery",
                reminder=reminder,
            )

    def tick(self) -> None:
        fire_due(self.database, {REMIND: self.appointments.fire, LATE: self.cases.fire})


@pytest.fixture
def office(database: Database, keystore: Keystore) -> Office:
    return Office(database, keystore)


def test_she_is_reminded_once_in_her_own_words(office: Office, clock: ManualClock) -> None:
    office.agree()
    clock.advance(hours=20)
    office.tick()
    assert office.reminded == []
    clock.advance(hours=1, seconds=1)
    office.tick()
    office.tick()
    assert office.reminded == ["Your parcel is ready"]


def test_without_words_of_hers_nothing_is_sent_and_nothing_after_a_cancel(office: Office, clock: ManualClock) -> None:
    office.agree(reminder="")
    with office.database.write() as unit:
        office.appointments.end(unit, office.appointments.of(unit, office.arta)[0].id, "cancel", by=ANA)
    again = office.agree()
    with office.database.write() as unit:
        assert office.appointments.end(unit, again, "cancel", by=ANA) is Appointment.CANCELLED
    clock.advance(days=2)
    office.tick()
    assert office.reminded == []


def test_a_new_time_moves_the_reminder(office: Office, clock: ManualClock) -> None:
    made = office.agree()
    with office.database.write() as unit:
        office.appointments.put_off(unit, made, unit.now + timedelta(hours=72), by=ANA)
    clock.advance(hours=30)
    office.tick()
    assert office.reminded == []
    clock.advance(hours=40)
    office.tick()
    assert office.reminded == ["Your parcel is ready"]


@pytest.mark.parametrize("hours", [-1, 0, 23.5, 24.5], ids=["past", "now", "overlaps before", "overlaps after"])
def test_she_is_never_in_two_places(office: Office, hours: float) -> None:
    office.agree()
    with pytest.raises(NotThen):
        office.agree(hours=hours)
    office.agree(hours=25)


def test_where_and_with_whom_stands_nowhere_in_the_clear_and_goes_with_her(office: Office, clock: ManualClock) -> None:
    made = office.agree()
    with office.database.read() as conn:
        row = repr(tuple(conn.execute(text("SELECT * FROM appointments")).one()))
    for telling in ("nurse", "bakery", "delivery", "home_care", "parcel"):
        assert telling not in row
    with office.database.write() as unit:
        assert office.appointments.of(unit, office.arta)[0].where == "at the bakery"
        office.appointments.forget_person(unit, office.arta)
        assert office.appointments.of(unit, office.arta) == []
        with pytest.raises(NoSuchAppointment):
            office.appointments.put_off(unit, made, unit.now + timedelta(days=3), by=ANA)
    clock.advance(days=2)
    office.tick()
    assert office.reminded == []


def begin(office: Office, kind: DocumentKind = DocumentKind.BIRTH_REGISTRATION) -> str:
    with office.database.write() as unit:
        return office.cases.begin(unit, survivor_id=office.arta, kind=kind, mediator=ANA)


def test_a_birth_is_registered_step_by_step(office: Office) -> None:
    case = begin(office)
    with office.database.write() as unit:
        for one in office.cases.open(unit, case, mediator=ANA).steps[:-1]:
            office.cases.step(unit, case, one.id, "skip" if one.step == "court_if_late" else "finish", mediator=ANA)
        view = office.cases.open(unit, case, mediator=ANA)
        assert view.next is not None
        assert view.next.step == "collect"
        office.cases.note(unit, case, view.next.id, "on Friday, window 3", mediator=ANA)
        office.cases.step(unit, case, view.next.id, "finish", mediator=ANA)
        assert office.cases.end(unit, case, "receive", mediator=ANA) is DocumentCase.RECEIVED
        assert office.cases.open(unit, case, mediator=ANA).next is None
        with pytest.raises(IllegalMove):
            office.cases.end(unit, case, "refuse", mediator=ANA)


def test_what_gets_stuck_or_late_comes_to_its_mediator(office: Office, clock: ManualClock) -> None:
    case = begin(office)
    with office.database.write() as unit:
        first, second, *_ = office.cases.open(unit, case, mediator=ANA).steps
        office.cases.step(unit, case, first.id, "begin", mediator=ANA)
        office.cases.step(unit, case, first.id, "get_stuck", mediator=ANA)
        office.cases.due(unit, case, second.id, clock.now().date() + timedelta(days=1), mediator=ANA)
    assert office.waits == [ANA]
    clock.advance(days=3)
    office.tick()
    office.tick()
    assert office.waits == [ANA, ANA]


def test_nobody_but_its_mediator_sees_a_case(office: Office) -> None:
    case = begin(office)
    with office.database.write() as unit:
        step = office.cases.open(unit, case, mediator=ANA).steps[0].id
        for act in (
            lambda: office.cases.open(unit, case, mediator=MIRA),
            lambda: office.cases.step(unit, case, step, "begin", mediator=MIRA),
            lambda: office.cases.end(unit, case, "stop", mediator=MIRA),
        ):
            with pytest.raises(NoSuchCase):
                act()
        assert office.cases.of(unit, MIRA) == []
        office.cases.hand_over(unit, case, MIRA, mediator=ANA)
        assert [one[0] for one in office.cases.of(unit, MIRA)] == [case]
        assert office.cases.of(unit, ANA) == []


def test_which_papers_stands_nowhere_in_the_clear(office: Office) -> None:
    begin(office, DocumentKind.CITIZENSHIP)
    with office.database.read() as conn:
        assert "citizenship" not in repr([tuple(row) for row in conn.execute(text("SELECT * FROM document_cases"))])
    with office.database.write() as unit:
        office.cases.forget_person(unit, office.arta)
        assert office.cases.of(unit, ANA) == []


def test_every_kind_has_steps_and_every_step_can_be_skipped() -> None:
    assert set(STEPS) == set(DocumentKind)
    assert all(len(set(steps)) == len(steps) > 2 for steps in STEPS.values())
    assert all("skip" in moves or state in (Step.DONE, Step.NOT_NEEDED, Step.WAITING) for state, moves in STEP_MOVES.moves.items())


def test_a_case_whose_mediator_left_waits_for_a_supervisor_and_is_taken_up_once(office: Office) -> None:
    case = begin(office)
    with office.database.write() as unit:
        office.cases.mediator_left(unit, ANA)
        office.cases.mediator_left(unit, ANA)
        assert office.waits == [NOBODY], "said once"
        assert office.cases.mine(unit.conn, ANA, today=unit.now.date()) == []
        with pytest.raises(NoSuchCase):
            office.cases.open(unit, case, mediator=ANA)
        office.cases.take_up(unit, case, by=MIRA)
        assert office.cases.open(unit, case, mediator=MIRA).id == case
        with pytest.raises(NoSuchCase):
            office.cases.take_up(unit, case, by=ANA)


def test_what_waits_stands_first_in_her_list_and_a_barred_case_does_not_stand_there(office: Office, clock: ManualClock) -> None:
    calm, late = begin(office), begin(office, DocumentKind.COURT)
    with office.database.write() as unit:
        step = office.cases.open(unit, late, mediator=ANA).steps[0].id
        office.cases.due(unit, late, step, clock.now().date() + timedelta(days=1), mediator=ANA)
    clock.advance(days=3)
    with office.database.read() as conn:
        found = office.cases.mine(conn, ANA, today=clock.now().date())
        assert [(one.id, one.late, one.done, one.next) for one in found] == [(late, True, 0, "talk"), (calm, False, 0, "talk")]
        assert office.cases.mine(conn, ANA, today=clock.now().date(), barred={office.arta}) == []


def test_in_a_case_that_is_over_no_step_moves_until_it_is_taken_up_again(office: Office) -> None:
    case = begin(office)
    with office.database.write() as unit:
        step = office.cases.open(unit, case, mediator=ANA).steps[0].id
        office.cases.end(unit, case, "stop", mediator=ANA)
        with pytest.raises(NoSuchCase):
            office.cases.step(unit, case, step, "begin", mediator=ANA)
        office.cases.end(unit, case, "take_up_again", mediator=ANA)
        assert office.cases.step(unit, case, step, "begin", mediator=ANA) is Step.UNDER_WAY


def test_old_appointments_go_and_later_ones_stay(office: Office, clock: ManualClock) -> None:
    office.agree()
    clock.advance(days=92)
    stays = office.agree()
    with office.database.write() as unit:
        forget_old(unit)
        assert [one.id for one in office.appointments.of(unit, office.arta)] == [stays]
