"""Tasks that nobody overwrites, people found by an alias, words that may be taken back for a moment; all of it only for whom the case exists."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sos.alerts.models import AlertRow
from sos.alerts.paging.models import PageRow
from sos.clock import ManualClock
from sos.console.case import UNDO
from sos.privacy.epochs import EVERY, Epochs
from sos.staff import load
from sos.staff import queries as tasks
from sos.staff.states import TaskKind
from sos.survivors.aliases.models import AliasRow
from tests.console.desk import HER, Desk, pulse
from tests.console.signed_in import sign_in


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def opened_from_a_call(client: FlaskClient, **form: str) -> str:
    """The address of the new person's page."""
    answer = client.post("/staff/people/new", data={"source": "phone", "text": "she wants advice", **form})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def only_task(desk: Desk) -> tasks.Waiting:
    with desk.house.database.read() as conn:
        (found,) = tasks.waiting(conn, now=desk.house.clock.now())
    return found


def test_a_later_note_does_not_overwrite_an_earlier_one_and_each_is_sealed_for_its_own_row(desk: Desk) -> None:
    known = desk.she_writes("hello")
    rooms = desk.house.rooms
    with desk.house.database.write() as unit:
        for note in ("first", "second"):
            rooms.tasks.leave(unit, kind=TaskKind.CONTACT_HER, survivor_id=known.id, note=note, key=known.key.raw)
    task = only_task(desk)
    with desk.house.database.read() as conn:
        assert [note.text for note in tasks.notes(conn, task.id, key=known.key.raw)] == ["first", "second"]
        assert [note.text for note in tasks.notes(conn, task.id, key=None)] == [None, None]
    assert task.times == 2


def test_what_is_for_later_comes_into_the_queue_at_its_time(desk: Desk, clock: ManualClock) -> None:
    ana = desk.member("Ana")
    at = opened_from_a_call(ana)
    number = only_task(desk).number
    ana.post(f"/staff/tasks/{number}/postpone", data={"at": "18:00"})
    assert f"Task {number}" not in ana.get("/staff").text
    assert "1 for later" in ana.get("/staff").text
    clock.advance(hours=6)
    assert f"Task {number}" in sign_in(desk.app, desk.ids["Ana"]).get("/staff").text, "after six hours she signs in again"
    assert at.startswith("/staff/people/")


def test_one_person_takes_a_task_notes_and_does_it(desk: Desk) -> None:
    ana, blerta = desk.member("Ana"), desk.member("Blerta")
    opened_from_a_call(ana)
    number = only_task(desk).number
    assert ana.post(f"/staff/tasks/{number}/claim").status_code == 303
    assert blerta.post(f"/staff/tasks/{number}/claim").status_code == 409
    assert blerta.post(f"/staff/tasks/{number}/done").status_code == 409
    ana.post(f"/staff/tasks/{number}/note", data={"text": "called back"})
    page = ana.get(f"/staff/tasks/{number}").text
    assert "she wants advice" in page
    assert "called back" in page
    assert ana.post(f"/staff/tasks/{number}/done").status_code == 303
    assert ana.post(f"/staff/tasks/{number}/done").status_code == 404


def test_who_has_enough_is_asked_first_and_an_sos_is_never_held_back(desk: Desk) -> None:
    ana = desk.member("Ana")
    for _ in range(load.ENOUGH):
        opened_from_a_call(ana)
    with desk.house.database.read() as conn:
        numbers = [task.number for task in tasks.waiting(conn, now=desk.house.clock.now())]
    for number in numbers:
        ana.post(f"/staff/tasks/{number}/claim")
    opened_from_a_call(ana)
    last = max(numbers) + 1
    ana.post(f"/staff/tasks/{last}/claim")
    assert "Nobody has taken it" in ana.get(f"/staff/tasks/{last}").text
    ana.post(f"/staff/tasks/{last}/claim", data={"anyway": "on"})
    assert "You have it" in ana.get(f"/staff/tasks/{last}").text
    sos = desk.sos()
    assert ana.post(f"/staff/alerts/{sos}/claim").status_code == 303
    assert desk.state(sos) == "taken"


def test_an_alias_finds_her_whatever_its_capitals_and_after_the_turn_of_the_keys(desk: Desk, clock: ManualClock) -> None:
    ana = desk.member("Ana")
    at = opened_from_a_call(ana, alias="Blue Door")
    for alias in ("blue door", "BLUE DOOR"):
        assert ana.post("/staff/people/find", data={"alias": alias}).headers["Location"] == at
    assert ana.post("/staff/people/find", data={"alias": "blue"}).headers["Location"] == "/staff/people"
    with desk.house.database.read() as conn:
        before = conn.execute(select(AliasRow.index)).scalar_one()
    clock.advance(seconds=EVERY.total_seconds() + 1)
    Epochs(desk.house.database, desk.house.keystore, desk.house.rooms.audit).tend()
    with desk.house.database.read() as conn:
        assert conn.execute(select(AliasRow.index)).scalar_one() != before
        assert desk.house.rooms.aliases.find(conn, "Blue Door") == at.rpartition("/")[2]


def test_her_alias_stands_in_no_title_which_the_browser_keeps_in_its_history(desk: Desk) -> None:
    ana = desk.member("Ana")
    page = ana.get(opened_from_a_call(ana, alias="Blue Door")).text
    title = re.search(r"<title>(.*?)</title>", page)
    assert title
    assert "Person" in title[1]
    assert "Blue Door" not in title[1]
    assert "Blue Door" in page


@pytest.mark.parametrize(
    "alias", ["+383 44 000 101", "044000101", " ", "x" * 41], ids=["a number", "a number at home", "nothing", "too long"]
)
def test_an_alias_is_no_number_and_not_empty(desk: Desk, alias: str) -> None:
    ana = desk.member("Ana")
    at = opened_from_a_call(ana)
    ana.post(f"{at}/alias", data={"alias": alias})
    assert "An alias has 1 to 40 signs" in ana.get(at).text


def test_an_ordinary_message_may_be_taken_back_until_it_leaves(desk: Desk, clock: ManualClock) -> None:
    ana = desk.member("Ana")
    known = desk.she_writes("a question", HER)
    at = f"/staff/people/{known.id}"
    assert ana.post(f"{at}/reply", data={"text": "Tomorrow at ten"}).status_code == 303
    assert desk.on_the_way() == [("reply", "waiting")]
    page = ana.get(at).text
    line = re.search(r'name="line" value="([0-9a-f]+)"', page)
    assert line
    assert claimed(desk) == [], "nothing leaves before its time"
    ana.post(f"{at}/take-back", data={"line": line[1]})
    assert desk.on_the_way() == []
    assert "Tomorrow at ten" not in ana.get(at).text

    ana.post(f"{at}/reply", data={"text": "Tomorrow at eleven"})
    line = re.search(r'name="line" value="([0-9a-f]+)"', ana.get(at).text)
    assert line
    clock.advance(seconds=UNDO.total_seconds() + 1)
    assert len(claimed(desk)) == 1
    ana.post(f"{at}/take-back", data={"line": line[1]})
    assert "Too late" in ana.get(at).text


def claimed(desk: Desk) -> list[str]:
    from sos.outbox import actions as outbox

    with desk.house.database.write() as unit:
        return [row.id for row in outbox.claim(unit, holder="test", limit=9, channels=["sms"])]


def test_with_an_open_alert_nothing_waits(desk: Desk) -> None:
    ana = desk.member("Ana")
    desk.sos()
    known = desk.she_writes("again")
    ana.post(f"/staff/people/{known.id}/reply", data={"text": "Ovde Ana."})
    assert desk.on_the_way()[-1] == ("sos", "waiting")
    assert "Take back" not in ana.get(f"/staff/people/{known.id}").text


def test_nothing_leaves_unasked_without_her_rules(desk: Desk) -> None:
    ana = desk.member("Ana")
    at = opened_from_a_call(ana, number="+383 44 000 109")
    assert "Do not write now" in ana.get(at).text
    ana.post(f"{at}/reply", data={"text": "Good day"})
    assert [state for _, state in desk.on_the_way()] in ([], ["held"])


def test_a_number_that_is_none_opens_nothing_and_keeps_the_words(desk: Desk) -> None:
    ana = desk.member("Ana")
    answer = ana.post("/staff/people/new", data={"text": "kept words", "number": "44 000"})
    assert answer.status_code == 409
    assert "kept words" in answer.text


def test_danger_on_the_telephone_opens_an_alert_that_is_hers_who_heard_it(desk: Desk) -> None:
    ana = desk.member("Ana")
    at = opened_from_a_call(ana, danger="1")
    assert re.fullmatch(r"/staff/alerts/\d+", at)
    assert "she wants advice" in ana.get(at).text


def test_whose_case_is_barred_has_no_tasks_and_cannot_be_found(desk: Desk) -> None:
    ana, blerta = desk.member("Ana"), desk.member("Blerta")
    number = desk.sos()
    known = desk.she_writes("again")
    rooms = desk.house.rooms
    with desk.house.database.write() as unit:
        rooms.aliases.give(unit, known.id, "Blue door", key=known.key.raw, by=desk.ids["Blerta"])
        rooms.tasks.leave(unit, kind=TaskKind.MINOR, survivor_id=known.id)
    task = only_task(desk).number
    ana.post(f"/staff/alerts/{number}/conflict")
    assert f"Task {task}" not in ana.get("/staff").text + ana.get("/staff/tasks").text
    assert ana.get(f"/staff/tasks/{task}").status_code == 404
    assert ana.post(f"/staff/tasks/{task}/claim").status_code == 404
    assert ana.get(f"/staff/people/{known.id}").status_code == 404
    assert ana.post("/staff/people/find", data={"alias": "Blue door"}).headers["Location"] == "/staff/people"
    assert blerta.get(f"/staff/people/{known.id}").status_code == 200
    assert ana.get("/staff/people/" + "0" * 32).status_code == 404, "as one that never was"


def barred_from_her(desk: Desk) -> tuple[FlaskClient, FlaskClient]:
    """Ana, for whom the case does not exist, and Blerta; her SOS is closed already."""
    ana, blerta = desk.member("Ana"), desk.member("Blerta")
    number = desk.sos()
    ana.post(f"/staff/alerts/{number}/conflict")
    blerta.post(f"/staff/alerts/{number}/claim")
    blerta.get(f"/staff/alerts/{number}")
    assert blerta.post(f"/staff/alerts/{number}/close", data={"outcome": "advised"}).status_code == 303
    return ana, blerta


def like(page: str) -> str:
    """A page without what differs between any two people."""
    return re.sub(r"[0-9a-f]{16,}|SOS \d+|sos-\d+|alerts/\d+|\d\d:\d\d|csrf_token.{0,200}", "", page.partition('id="pane-conversation"')[2])


def test_a_barred_colleague_who_types_her_number_raises_the_alarm_and_does_not_learn_that_she_is_known(desk: Desk) -> None:
    ana, blerta = barred_from_her(desk)
    known = opened_from_a_call(ana, danger="1", reason="weapon", number=HER.value, text="he has a knife")
    with desk.house.database.read() as conn:
        hers = conn.execute(select(AlertRow).where(AlertRow.survivor_id.is_not(None)).order_by(AlertRow.number)).all()
    real = hers[-2]
    assert hers[0].survivor_id == real.survivor_id, "raised on her own case"
    assert hers[-1].survivor_id != real.survivor_id
    assert (real.state, real.taken_by, real.urgency, real.source) == ("received", None, "emergency", "phone")
    assert "he has a knife" in blerta.get(f"/staff/alerts/{real.number}").text
    assert pulse(blerta)["untaken"]["number"] == real.number
    with desk.house.database.read() as conn:
        assert desk.ids["Blerta"] in set(conn.execute(select(PageRow.member_id).where(PageRow.alert_id == real.id)).scalars())
    assert ana.get(f"/staff/alerts/{real.number}").status_code == 404
    assert pulse(ana)["untaken"] is None
    assert re.fullmatch(r"/staff/alerts/\d+", known)
    unknown = opened_from_a_call(ana, danger="1", reason="weapon", text="he has a knife")
    assert like(ana.get(known).text) == like(ana.get(unknown).text)


def test_what_a_barred_colleague_writes_down_without_danger_is_a_task_for_others(desk: Desk) -> None:
    ana, blerta = barred_from_her(desk)
    at = opened_from_a_call(ana, number=HER.value, text="she asks for papers")
    assert ana.get(at).status_code == 200
    with desk.house.database.read() as conn:
        both = tasks.waiting(conn, now=desk.house.clock.now())
    (hers,) = [one.number for one in both if ana.get(f"/staff/tasks/{one.number}").status_code == 404]
    assert "she asks for papers" in blerta.get(f"/staff/tasks/{hers}").text


def test_a_forgotten_person_leaves_her_task_without_a_word(desk: Desk) -> None:
    ana = desk.member("Ana")
    known = desk.she_writes("hello")
    rooms = desk.house.rooms
    with desk.house.database.write() as unit:
        rooms.tasks.leave(unit, kind=TaskKind.CONTACT_HER, survivor_id=known.id, note="her words", key=known.key.raw)
        rooms.aliases.give(unit, known.id, "Blue door", key=known.key.raw, by=desk.ids["Ana"])
    number = only_task(desk).number
    with desk.house.database.write() as unit:
        rooms.erasure.erase(unit, known, verified=True)
    page = ana.get(f"/staff/tasks/{number}").text
    assert "her words" not in page
    assert "She was forgotten" in page
    assert ana.post("/staff/people/find", data={"alias": "Blue door"}).headers["Location"] == "/staff/people"


def test_at_the_end_of_a_shift_what_one_holds_is_listed_and_handed_over(desk: Desk) -> None:
    ana = desk.member("Ana")
    desk.member("Blerta")
    opened_from_a_call(ana)
    number, sos = only_task(desk).number, desk.sos()
    ana.post(f"/staff/tasks/{number}/claim")
    ana.post(f"/staff/alerts/{sos}/claim")
    ana.get(f"/staff/alerts/{sos}")
    page = ana.get("/staff/hand-over").text
    assert f"SOS {sos}" in page
    assert f"Task {number}" in page
    ana.post(f"/staff/tasks/{number}/hand-over", data={"to": desk.ids["Blerta"], "text": "call at ten"})
    ana.post(f"/staff/alerts/{sos}/hand-over", data={"to": desk.ids["Blerta"], "text": "two children"})
    assert only_task(desk).taken_by == desk.ids["Blerta"]
    assert desk.state(sos) == "handed_over"
    assert "You hold no open case" in ana.get("/staff/hand-over").text


def test_tasks_done_long_ago_are_dropped_and_open_ones_never(desk: Desk, clock: ManualClock) -> None:
    from sos.staff import forgetting

    known = desk.she_writes("hello")
    rooms = desk.house.rooms
    with desk.house.database.write() as unit:
        for kind in (TaskKind.CONTACT_HER, TaskKind.MINOR):
            rooms.tasks.leave(unit, kind=kind, survivor_id=known.id, note="words", key=known.key.raw)
        rooms.tasks.done(unit, 1, "somebody")
    clock.advance(days=31)
    with desk.house.database.write() as unit:
        assert forgetting.forget_old(unit) == 1
        assert forgetting.forget_old(unit) == 0
    assert only_task(desk).kind is TaskKind.MINOR
