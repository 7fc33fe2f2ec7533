"""What people may do with an alert, what the queue shows, and for whom a case does not exist."""

import pytest
from sqlalchemy import select, update

from sos.alerts.book import ALERTS, ENTRIES
from sos.alerts.errors import AlreadyMoved, AtCapacity, Conflicted, NoSuchAlert, NotYours
from sos.alerts.models import AlertRow
from sos.alerts.queries import Reading, held_by, untaken, waiting
from sos.alerts.states import DEADLINES, FINAL, MOVES, Alert, Clockwork, Mark, Note, Outcome, Source
from sos.alerts.triage import Urgency
from sos.audit.models import AuditRow
from sos.conversations.herald import Told
from sos.deadlines.models import DeadlineRow
from sos.staff.members.states import Role
from sos.survivors.address import Address, Channel
from sos.watch import untaken as unwatched
from tests.alerts.station import Station

HERS = Address(Channel.SMS, "+38344000001")


def queue(station: Station, viewer: str) -> list:
    with station.database.read() as conn:
        return waiting(conn, viewer=viewer, now=station.clock.now())


def pending(station: Station, alert_id: str) -> set[str]:
    with station.database.read() as conn:
        wanted = select(DeadlineRow.kind).where(DeadlineRow.subject == alert_id, DeadlineRow.fired_at.is_(None))
        return set(conn.execute(wanted).scalars())


def test_every_state_that_is_not_final_has_its_deadline() -> None:
    assert set(DEADLINES) == set(Alert) - FINAL
    assert set(MOVES.ends()) == FINAL


def bring_to(station: Station, state: Alert, alert_id: str, ana: str) -> None:
    """Along the shortest path."""
    if state is Alert.BEING_SHOWN:
        station.act("shown", [alert_id], ana)
    if state in {Alert.TAKEN, Alert.OPENED, Alert.ANSWERED, Alert.HANDED_OVER}:
        station.act("take", alert_id, ana)
    if state in {Alert.OPENED, Alert.ANSWERED}:
        station.act("opened", alert_id, ana)
    if state is Alert.ANSWERED:
        station.act("answered", alert_id, ana)
    if state is Alert.HANDED_OVER:
        station.act("hand_over", alert_id, ana, None, "")


@pytest.mark.parametrize("state", sorted(set(Alert) - FINAL))
def test_in_every_open_state_its_own_deadline_is_set(station: Station, state: Alert) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    bring_to(station, state, raised.id, ana)
    assert station.state(raised.id) is state
    clockwork = {Clockwork.LEVEL, Clockwork.REPLY, Clockwork.ACCEPT, Clockwork.IDLE} & {
        Clockwork(kind) for kind in pending(station, raised.id)
    }
    assert clockwork == {DEADLINES[state].kind}


@pytest.mark.parametrize("mark", sorted(Mark))
@pytest.mark.parametrize("state", sorted(set(Alert) - FINAL))
def test_no_mark_from_her_device_moves_or_lowers_anything(station: Station, state: Alert, mark: Mark) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    bring_to(station, state, raised.id, ana)
    before, kinds = station.row(raised.id), pending(station, raised.id)
    with station.database.write() as unit:
        assert station.alerts.mark(unit, HERS, mark)
    after = station.row(raised.id)
    assert (after.state, after.taken_by, after.round) == (before.state, before.taken_by, before.round)
    assert after.urgency == ("emergency" if mark is Mark.DURESS else before.urgency)
    assert pending(station, raised.id) == kinds
    assert f"mark.{mark.value}" in station.entries(raised.id)


def test_of_two_who_take_it_one_has_it(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    with pytest.raises(AlreadyMoved):
        station.act("take", raised.id, bora)
    for act in ("opened", "answered"):
        with pytest.raises(NotYours):
            station.act(act, raised.id, bora)
    assert station.row(raised.id).taken_by == ana


def test_a_supervisor_may_close_what_a_colleague_has(station: Station) -> None:
    ana, mira = station.member("Ana", on_duty=True), station.member("Mira", Role.SUPERVISOR)
    raised = station.sos()
    bring_to(station, Alert.OPENED, raised.id, ana)
    station.act("close", raised.id, mira, Outcome.TRANSFERRED, "")
    assert station.state(raised.id) is Alert.CLOSED


def test_the_queue_goes_by_urgency_then_waiting_and_a_nuisance_mark_lowers_the_order_hides_nothing_and_ends(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    first, second = station.sos("+38344000001"), station.sos("+38344000002")
    third = station.sos("+38344000003", reason="weapon")
    assert [one.id for one in queue(station, ana)] == [third.id, first.id, second.id]
    for one in (first, second):
        bring_to(station, Alert.OPENED, one.id, ana)
    station.act("mark_nuisance", first.id, ana, 3)
    assert [one.id for one in queue(station, ana)] == [third.id, second.id, first.id]
    assert queue(station, ana)[-1].nuisance
    station.clock.advance(days=4)
    assert [one.id for one in queue(station, ana)] == [third.id, first.id, second.id]
    with pytest.raises(ValueError, match="1 to 30"):
        station.act("mark_nuisance", first.id, ana, 31)


def test_an_sos_that_nobody_has_stands_above_one_that_somebody_has_of_equal_urgency_and_below_a_graver_one(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    taken, waits = station.sos("+38344000001"), station.sos("+38344000002")
    graver = station.sos("+38344000003", reason="weapon")
    station.act("take", taken.id, ana)
    station.act("take", graver.id, ana)
    assert [one.id for one in queue(station, ana)] == [graver.id, waits.id, taken.id]
    for move in ("opened", "answered"):
        station.act(move, taken.id, ana)
    station.act("hand_over", taken.id, ana, bora, "")
    assert [one.id for one in queue(station, ana)] == [graver.id, taken.id, waits.id], "offered to another, nobody has it"


def test_a_nuisance_mark_goes_on_with_her_next_sos_which_is_paged_like_any_other(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    bring_to(station, Alert.OPENED, raised.id, ana)
    station.act("mark_nuisance", raised.id, ana, 3)
    station.act("close", raised.id, ana, Outcome.ADVISED, "")
    again = station.sos()
    assert {message.member_id for message in station.messages()} == {ana}
    assert [one.nuisance for one in queue(station, ana)] == [True]
    assert not again.repeated


def test_for_a_barred_viewer_the_case_is_in_no_list_no_count_no_view(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.act("declare_conflict", raised.id, ana, by=bora)
    reading = Reading(station.keystore, station.audit)
    with station.database.write() as unit:
        assert waiting(unit.conn, viewer=ana, now=unit.now) == []
        assert untaken(unit.conn, viewer=ana) == 0
        assert untaken(unit.conn, viewer=bora) == 1
        with pytest.raises(Conflicted):
            reading.view(unit, raised.id, ana)
        with pytest.raises(NoSuchAlert):
            reading.view(unit, "no such alert", bora)
    for act in ("call_supervisor", "note"):
        with pytest.raises(Conflicted):
            station.act(act, raised.id, ana, "text")
    station.act("take", raised.id, bora)
    with pytest.raises(Conflicted):
        station.act("hand_over", raised.id, bora, ana, "")
    with pytest.raises(Conflicted):
        station.act("second_opinion", raised.id, bora, ana, "")


def test_reading_an_alert_shows_her_words_in_order_and_is_audited(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos(words="ndihmë")
    with station.database.write() as unit:
        station.alerts.add(unit, HERS, Note.WORDS, "dera")
        station.alerts.mark(unit, HERS, Mark.CANCEL)
    station.act("take", raised.id, ana)
    with station.database.write() as unit:
        view = Reading(station.keystore, station.audit).view(unit, raised.id, ana)
    assert [entry.text for entry in view.entries if entry.kind == "words"] == ["ndihmë", "dera"]
    assert [mark.kind for mark in view.marks] == ["mark.cancel"]
    assert [told.kind for told in view.told] == ["told.taken"]
    assert view.waiting.unread
    assert view.channel == "sms"
    assert "ndihmë" not in repr(view)
    with station.database.read() as conn:
        kinds = conn.execute(select(AuditRow.kind).where(AuditRow.subject == raised.id, AuditRow.actor == ana)).scalars().all()
    assert "alert.read" in kinds


def test_closing_drops_where_she_moved_asks_her_to_stop_sharing_and_leaves_no_deadline(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    with station.database.write() as unit:
        station.alerts.add(unit, HERS, Note.POINT, "42.66,21.16")
    bring_to(station, Alert.ANSWERED, raised.id, ana)
    station.act("close", raised.id, ana, Outcome.SAFER_PLACE, "at her aunt's")
    with station.database.read() as conn:
        points = conn.execute(select(ENTRIES.c.body).where(ENTRIES.c.kind == "point")).scalars().all()
    assert points == [None]
    assert pending(station, raised.id) == set()
    assert station.telephone.told[-2:] == [Told.STOP_SHARING, Told.CLOSED]
    assert oldest(station) is None


def oldest(station: Station) -> object:
    with station.database.read() as conn:
        return unwatched.oldest(conn)


def test_silence_after_an_sos_raises_its_urgency_once_and_says_why(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    station.pass_time(seconds=500)
    with station.database.write() as unit:
        station.alerts.add(unit, HERS, Note.WORDS, "ende këtu")
    station.pass_time(seconds=200)
    assert queue(station, ana)[0].urgency is Urgency.URGENT, "she wrote"
    station.pass_time(seconds=500)
    assert queue(station, ana)[0].urgency is Urgency.EMERGENCY
    assert queue(station, ana)[0].reasons == ("sos_word", "silence")
    assert station.entries(raised.id, "urgency.") == ["urgency.emergency"]


def test_yes_to_a_call_is_a_reason_and_a_place_is_none(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    station.sos()
    with station.database.write() as unit:
        station.alerts.add(unit, HERS, Note.PLACE, "pristina")
    assert queue(station, ana)[0].urgency is Urgency.URGENT
    with station.database.write() as unit:
        station.alerts.add(unit, HERS, Note.CALL_192_YES, "")
    assert queue(station, ana)[0].urgency is Urgency.EMERGENCY


def test_a_contact_by_telephone_is_answered_already_pages_nobody_and_counts_against_the_load(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    made = [station.act("open_by_person", by=ana, source=Source.PHONE, words="asks about papers") for _ in range(2)]
    assert {station.state(one) for one in made} == {Alert.ANSWERED}
    assert station.messages() == []
    assert pending(station, made[0]) == {Clockwork.IDLE.value}
    bora = station.member("Bora", on_duty=True)
    third = station.act("open_by_person", by=bora, source=Source.VISIT, words="asks about work")
    station.act("hand_over", third, bora, None, "")
    with pytest.raises(AtCapacity):
        station.act("take", third, ana)


def test_an_sos_is_never_refused_for_the_load_and_never_counts_in_it(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    for _ in range(2):
        station.act("open_by_person", by=ana, source=Source.PHONE, words="")
    for n in range(5):
        raised = station.sos(f"+3834400000{n}")
        station.act("take", raised.id, ana)
    with station.database.write() as unit:
        assert station.alerts.load(unit, ana) == 2
    with station.database.read() as conn:
        assert len(held_by(conn, ana, station.clock.now())) == 7


def test_an_answered_alert_that_nobody_touches_for_a_shift_pages_the_supervisor(station: Station) -> None:
    ana, mira = station.member("Ana", on_duty=True), station.member("Mira", Role.SUPERVISOR)
    raised = station.sos()
    bring_to(station, Alert.ANSWERED, raised.id, ana)
    station.pass_time(seconds=6 * 3600, step=600)
    station.act("note", raised.id, ana, "called her")
    station.pass_time(seconds=3 * 3600, step=600)
    assert station.messages() == [], "somebody touched it three hours ago"
    station.pass_time(seconds=6 * 3600, step=600)
    assert {message.member_id for message in station.messages()} == {mira}
    assert station.state(raised.id) is Alert.ANSWERED


def test_repeats_fold_and_the_third_is_a_reason_of_its_own(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = [station.sos() for _ in range(20)]
    assert len({one.id for one in raised}) == 1
    (only,) = queue(station, ana)
    assert (only.count, only.urgency, only.reasons) == (20, Urgency.EMERGENCY, ("sos_word", "repeated"))
    assert len(station.messages()) == 1, "a flood of messages is no flood of pages"


@pytest.mark.parametrize("state", [Alert.RECEIVED, Alert.BEING_SHOWN, Alert.TAKEN])
def test_an_sos_again_before_anyone_opened_it_changes_no_state(station: Station, state: Alert) -> None:
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    bring_to(station, state, raised.id, ana)
    station.sos(reason="weapon")
    assert station.state(raised.id) is state


def test_the_database_itself_refuses_an_alert_that_is_taken_by_nobody(station: Station) -> None:
    from sqlalchemy.exc import IntegrityError

    raised = station.sos()
    with pytest.raises(IntegrityError), station.database.write() as unit:
        unit.conn.execute(update(AlertRow).where(AlertRow.id == raised.id).values(state="taken"))
    with station.database.read() as conn:
        assert conn.execute(select(ALERTS.c.state)).scalar_one() == "received"
