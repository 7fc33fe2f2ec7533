"""The card that is read to police or ambulance, and who may call without her answer (DOMAIN 4, 31)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from sos.alerts.book import ENTRIES
from sos.alerts.errors import NoSuchAlert
from sos.alerts.hand_off import card as cards
from sos.alerts.hand_off.actions import REVIEW, unasked
from sos.alerts.hand_off.card import Card, last_answer
from sos.alerts.hand_off.errors import AlreadyAnswered, NoSuchCall, NotAllowedYet, OwnReview, SheSaidNo
from sos.alerts.hand_off.states import CallBack, Called, Finding, Ground, MayCall
from sos.alerts.states import Note
from sos.clock import ManualClock
from sos.deadlines.actions import fire_due
from sos.rooms import Rooms
from sos.staff import queries as staff
from sos.staff.states import TaskKind
from tests.alerts.hand_off.conftest import HER

ANA, CHIEF, OTHER = "a" * 32, "c" * 32, "d" * 32
TOLD = Card(called=Called.BOTH, place="Third floor, by the old mill", dispatcher="desk 4", told_at="03:12", call_back=CallBack.NO)


def _answers(rooms: Rooms, kind: Note) -> None:
    with rooms.database.write() as unit:
        assert rooms.alerts.add(unit, HER, kind, "")


def _keep(rooms: Rooms, alert_id: str, card: Card) -> None:
    with rooms.database.write() as unit:
        rooms.hand_off.keep(unit, alert_id=alert_id, by=ANA, card=card)


def _act(rooms: Rooms, alert_id: str) -> str:
    with rooms.database.write() as unit:
        return rooms.hand_off.act_unasked(unit, alert_id=alert_id, by=ANA, ground=Ground.WEAPON)


def _kinds(rooms: Rooms, alert_id: str) -> list[str]:
    with rooms.database.read() as conn:
        return list(conn.execute(select(ENTRIES.c.kind).where(ENTRIES.c.alert_id == alert_id).order_by(ENTRIES.c.seq)).scalars())


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        pytest.param([], MayCall.NO_ANSWER, id="she was not asked or did not answer"),
        pytest.param(["words", "call_192_yes"], MayCall.YES, id="yes"),
        pytest.param(["call_192_yes", "call_192_no"], MayCall.NO, id="a no after a yes is a no"),
        pytest.param(["call_192_no", "call_192_yes", "words"], MayCall.YES, id="a yes after a no is a yes"),
    ],
)
def test_her_last_answer_counts(kinds: list[str], answer: MayCall) -> None:
    assert last_answer(kinds) is answer


def test_the_card_is_filled_from_the_alert_and_kept_in_its_entries(rooms: Rooms, alert_id: str) -> None:
    with rooms.database.write() as unit:
        rooms.alerts.add(unit, HER, Note.PLACE, "Peja")
    _answers(rooms, Note.CALL_192_YES)
    with rooms.database.write() as unit:
        draft = rooms.hand_off.draft(unit, alert_id=alert_id, by=ANA)
    assert (draft.place, draft.may_call, draft.call_back) == ("Peja", MayCall.YES, CallBack.UNKNOWN)
    _keep(rooms, alert_id, TOLD)
    with rooms.database.write() as unit:
        kept = rooms.hand_off.draft(unit, alert_id=alert_id, by=ANA)
    assert (kept.place, kept.dispatcher, kept.told_at, kept.may_call) == (TOLD.place, "desk 4", "03:12", MayCall.YES)
    assert _kinds(rooms, alert_id).count(cards.KIND) == 1
    with rooms.database.read() as conn:
        bodies = [bytes(body) for body in conn.execute(select(ENTRIES.c.body).where(ENTRIES.c.body.is_not(None))).scalars()]
    assert bodies
    assert not any(b"mill" in body for body in bodies)


def test_without_her_answer_nobody_is_told_before_one_operator_takes_it_on_herself(rooms: Rooms, alert_id: str) -> None:
    with pytest.raises(NotAllowedYet):
        _keep(rooms, alert_id, TOLD)
    _keep(rooms, alert_id, Card(place="Peja"))
    _act(rooms, alert_id)
    _keep(rooms, alert_id, TOLD)


def test_against_her_no_one_operator_never_acts(rooms: Rooms, alert_id: str) -> None:
    _answers(rooms, Note.CALL_192_NO)
    with pytest.raises(SheSaidNo):
        _act(rooms, alert_id)
    with pytest.raises(SheSaidNo):
        _keep(rooms, alert_id, TOLD)
    assert "call_unasked" not in _kinds(rooms, alert_id)


def test_a_no_after_the_call_was_taken_on_stops_the_next_one(rooms: Rooms, alert_id: str) -> None:
    _act(rooms, alert_id)
    _answers(rooms, Note.CALL_192_NO)
    with pytest.raises(SheSaidNo):
        _keep(rooms, alert_id, TOLD)


def test_with_her_yes_there_is_nothing_to_override(rooms: Rooms, alert_id: str) -> None:
    _answers(rooms, Note.CALL_192_YES)
    with pytest.raises(AlreadyAnswered):
        _act(rooms, alert_id)
    _keep(rooms, alert_id, TOLD)


def test_acting_without_her_answer_pages_a_supervisor_at_once_and_is_reviewed_by_another_person(
    rooms: Rooms, alert_id: str, clock: ManualClock
) -> None:
    call = _act(rooms, alert_id)
    assert Note.SUPERVISOR.value in _kinds(rooms, alert_id)
    with rooms.database.read() as conn:
        (waiting,) = [task for task in staff.waiting(conn, now=clock.now()) if task.kind is TaskKind.REVIEW]
        (found,) = unasked(conn, open_only=True)
        audited = conn.execute(text("SELECT count(*) FROM audit WHERE kind = 'hand_off.unasked' AND actor = :by"), {"by": ANA}).scalar_one()
    assert waiting.alert_id == alert_id
    assert found.review_due == clock.now() + timedelta(hours=24)
    assert audited == 1
    with rooms.database.write() as unit, pytest.raises(OwnReview):
        rooms.hand_off.review(unit, call_id=call, by=ANA, finding=Finding.RIGHT)
    with rooms.database.write() as unit:
        rooms.hand_off.review(unit, call_id=call, by=CHIEF, finding=Finding.RIGHT)
    with rooms.database.write() as unit, pytest.raises(NoSuchCall):
        rooms.hand_off.review(unit, call_id=call, by=OTHER, finding=Finding.NOT_NEEDED)
    with rooms.database.read() as conn:
        assert unasked(conn, open_only=True) == []
        assert not [task for task in staff.waiting(conn, now=clock.now()) if task.kind is TaskKind.REVIEW]
        assert conn.execute(text("SELECT count(*) FROM deadlines WHERE kind = :kind"), {"kind": REVIEW}).scalar_one() == 0


def test_a_review_that_nobody_makes_within_24_hours_pages_the_supervisors_again_each_day(
    rooms: Rooms, alert_id: str, clock: ManualClock
) -> None:
    _act(rooms, alert_id)
    handlers = {**rooms.alerts.handlers(), REVIEW: rooms.hand_off.overdue}
    for times in (1, 2, 3):
        assert _kinds(rooms, alert_id).count(Note.SUPERVISOR.value) == times
        clock.advance(hours=24, seconds=1)
        fire_due(rooms.database, handlers)
    with rooms.database.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM audit WHERE kind = 'hand_off.unreviewed'")).scalar_one() == 3


def test_who_acted_and_then_declares_a_conflict_does_not_silence_the_review(rooms: Rooms, alert_id: str, clock: ManualClock) -> None:
    with rooms.database.write() as unit:
        rooms.hand_off.act_unasked(unit, alert_id=alert_id, by=ANA, ground=Ground.WORDS)
        rooms.alerts.declare_conflict(unit, alert_id, ANA)
    called = _kinds(rooms, alert_id).count(Note.SUPERVISOR.value)
    clock.advance(hours=24, seconds=1)
    fire_due(rooms.database, {**rooms.alerts.handlers(), REVIEW: rooms.hand_off.overdue})
    assert _kinds(rooms, alert_id).count(Note.SUPERVISOR.value) == called + 1


def test_for_whom_the_case_is_barred_there_is_no_card(rooms: Rooms, alert_id: str) -> None:
    with rooms.database.write() as unit:
        rooms.alerts.declare_conflict(unit, alert_id, ANA)
    for act in (
        lambda unit: rooms.hand_off.draft(unit, alert_id=alert_id, by=ANA),
        lambda unit: rooms.hand_off.act_unasked(unit, alert_id=alert_id, by=ANA, ground=Ground.WORDS),
    ):
        with rooms.database.write() as unit, pytest.raises(NoSuchAlert):
            act(unit)


def test_a_card_shows_nothing_in_its_repr_and_stays_short() -> None:
    assert "mill" not in repr(TOLD)
    long = cards.unpacked(cards.packed(Card(place="x" * 5000)))
    assert len(long.place) == cards.LONGEST
    for broken in ("", "[]", "{}", "no"):
        with pytest.raises(ValueError):
            cards.unpacked(broken)
