"""A questionnaire is given by trained members only; it raises and never lowers; it keeps its version; it is sealed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from sos.alerts.book import ALERTS
from sos.alerts.errors import NoSuchAlert
from sos.alerts.risk import training
from sos.alerts.risk.actions import About, Risk
from sos.alerts.risk.errors import NoSuchQuestionnaire, NotTrained
from sos.alerts.risk.questionnaire import Questionnaires, read
from sos.alerts.triage import ORDER, Urgency
from sos.clock import ManualClock
from sos.rooms import Rooms
from tests.alerts.risk.conftest import CONFIG, HER

ANA, BEA, CHIEF = "a" * 32, "b" * 32, "c" * 32
OURS = read(CONFIG / "questionnaires" / "demonstration.2026-11-22.toml")
RAISING = {"neck": "yes", "weapon": "used"}


@pytest.fixture(autouse=True)
def trained(rooms: Rooms) -> None:
    with rooms.database.write() as unit:
        begun, until = date(2026, 11, 1), date(2027, 11, 1)
        training.note(unit, rooms.audit, member_id=ANA, questionnaire="demonstration", trained_on=begun, until=until, by=CHIEF)


def _give(rooms: Rooms, alert_id: str, answers: dict[str, str], by: str = ANA) -> object:
    with rooms.database.write() as unit:
        return rooms.risk.give_for_alert(unit, alert_id=alert_id, slug="demonstration", by=by, answers=answers)


def _row(rooms: Rooms, alert_id: str):
    with rooms.database.read() as conn:
        return conn.execute(select(ALERTS).where(ALERTS.c.id == alert_id)).one()


def test_only_who_is_trained_today_sees_questions_gives_answers_and_reads_results(rooms: Rooms, alert_id: str, clock: ManualClock) -> None:
    _give(rooms, alert_id, RAISING)
    with pytest.raises(NotTrained):
        _give(rooms, alert_id, RAISING, by=BEA)
    with rooms.database.write() as unit:
        assert rooms.risk.given(unit, about=About.ALERT, subject=alert_id, by=BEA) == []
        with pytest.raises(NotTrained):
            rooms.risk.questions(unit, slug="demonstration", by=BEA)
        with pytest.raises(NoSuchQuestionnaire):
            rooms.risk.questions(unit, slug="another", by=ANA)
    clock.set(clock.now() + timedelta(days=400))
    with pytest.raises(NotTrained):
        _give(rooms, alert_id, RAISING)


def test_a_training_cannot_lie_in_the_future_or_end_before_it_began_and_can_be_ended(rooms: Rooms, clock: ManualClock) -> None:
    today = clock.now().date()
    for begun, until in ((today + timedelta(days=1), today + timedelta(days=9)), (today, today - timedelta(days=1))):
        with rooms.database.write() as unit, pytest.raises(training.WrongDays):
            training.note(unit, rooms.audit, member_id=BEA, questionnaire="demonstration", trained_on=begun, until=until, by=CHIEF)
    with rooms.database.write() as unit:
        training.end(unit, rooms.audit, member_id=ANA, questionnaire="demonstration", by=CHIEF)
    with rooms.database.read() as conn:
        assert not training.is_trained(conn, ANA, "demonstration", today)


def test_a_result_raises_the_alert_and_gives_its_reason(rooms: Rooms, alert_id: str) -> None:
    before = _row(rooms, alert_id)
    _give(rooms, alert_id, {})
    assert _row(rooms, alert_id).urgency == before.urgency
    _give(rooms, alert_id, RAISING)
    after = _row(rooms, alert_id)
    assert ORDER[Urgency(after.urgency)] < ORDER[Urgency(before.urgency)]
    assert "risk_answers" in after.reasons


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=st.lists(st.dictionaries(st.sampled_from(["neck", "leaving", "more_often"]), st.sampled_from(["yes", "no"])), max_size=4))
def test_no_sequence_of_questionnaires_closes_moves_or_lowers_an_sos(rooms: Rooms, alert_id: str, sheets: list[dict[str, str]]) -> None:
    for answers in [*sheets, {}]:
        before = _row(rooms, alert_id)
        _give(rooms, alert_id, answers)
        after = _row(rooms, alert_id)
        assert ORDER[Urgency(after.urgency)] <= ORDER[Urgency(before.urgency)]
        assert after.reasons[: len(before.reasons)] == before.reasons
        assert (after.state, after.taken_by, after.closed_at, after.outcome) == (before.state, before.taken_by, None, None)


def test_an_answer_keeps_the_version_and_the_words_it_was_given_under(rooms: Rooms, alert_id: str, clock: ManualClock) -> None:
    _give(rooms, alert_id, {"neck": "yes"})
    clock.advance(days=2)
    asked = replace(OURS.questions[1], text="Other words")
    newer = replace(OURS, version="2026-11-24", questions=(OURS.questions[0], asked, *OURS.questions[2:]))
    later = Risk(Questionnaires((OURS, newer)), rooms.book, rooms.survivors, rooms.alerts, rooms.audit)
    with rooms.database.write() as unit:
        later.give_for_alert(unit, alert_id=alert_id, slug="demonstration", by=ANA, answers={"neck": "no"})
        new, old = later.given(unit, about=About.ALERT, subject=alert_id, by=ANA)
    assert (new.version, old.version) == ("2026-11-24", "2026-11-22")
    assert ("Other words", "No") in new.answers
    assert (OURS.questions[1].text, "Yes") in old.answers
    assert ("Other words", "Yes") not in old.answers
    assert old.reasons == ("pressure on the neck",)
    assert dict(old.answers)[OURS.questions[0].text] == ""


def test_answers_are_sealed_and_gone_with_the_key(rooms: Rooms, alert_id: str) -> None:
    _give(rooms, alert_id, RAISING)
    with rooms.database.read() as conn:
        bodies = [bytes(body) for body in conn.execute(text("SELECT body FROM risk_answers")).scalars()]
        survivor_id = conn.execute(select(ALERTS.c.survivor_id)).scalar_one()
    assert bodies
    assert not any(b"neck" in body or b"points" in body for body in bodies)
    with rooms.database.write() as unit:
        rooms.alerts.forget_person(unit, survivor_id, open_too=True)
    with rooms.database.write() as unit:
        assert rooms.risk.given(unit, about=About.ALERT, subject=alert_id, by=ANA) == []
    _give(rooms, alert_id, RAISING)
    with rooms.database.read() as conn:
        assert None in conn.execute(text("SELECT body FROM risk_answers")).scalars().all()


def test_where_nothing_is_open_answers_stand_under_her_own_key(rooms: Rooms) -> None:
    with rooms.database.write() as unit:
        known = rooms.survivors.meet(unit, HER, "generic")
        rooms.risk.give_for_survivor(unit, survivor_id=known.id, slug="demonstration", by=ANA, answers={"afraid": "some"})
        (only,) = rooms.risk.given(unit, about=About.SURVIVOR, subject=known.id, by=ANA)
        assert only.reasons == ("afraid for tonight",)
        rooms.survivors.destroy_key(unit, known.id)
        assert rooms.risk.given(unit, about=About.SURVIVOR, subject=known.id, by=ANA) == []


def test_for_whom_the_case_is_barred_there_is_no_questionnaire(rooms: Rooms, alert_id: str) -> None:
    with rooms.database.write() as unit:
        rooms.alerts.declare_conflict(unit, alert_id, ANA)
    with pytest.raises(NoSuchAlert):
        _give(rooms, alert_id, RAISING)


def test_nothing_she_is_sent_holds_a_score(rooms: Rooms, alert_id: str) -> None:
    _give(rooms, alert_id, RAISING)
    with rooms.database.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 0
        assert conn.execute(text("SELECT count(*) FROM messages")).scalar_one() == 0
