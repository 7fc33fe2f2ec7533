"""What stands beside the work: how the chain is, what she allows, what she shares, and a calm page where there is none."""

import pytest
from flask import Flask
from sqlalchemy import select

from sos.audit.models import AuditRow
from sos.console import words
from sos.db.database import Unit
from sos.deadlines import heartbeats
from sos.staff.members.states import Role
from sos.staff.states import TaskKind
from sos.survivors.contact_rules import actions as contact_rules
from sos.survivors.contact_rules.rules import Calls, Rules, spans
from sos.survivors.evidence.actions import Original
from sos.survivors.evidence.states import Medium
from sos.watch.chain import WARNING, YOUNG
from tests.console.desk import Desk

HTML = {"Accept": "text/html"}


@pytest.fixture
def desk(app: Flask) -> Desk:
    made = Desk(app)
    made.house.prepare()
    return made


def beats(desk: Desk, *names: str) -> None:
    with desk.house.database.write() as unit:
        for name in names:
            heartbeats.beat(unit, name)


def test_while_the_chain_is_whole_nothing_is_said_of_it(desk: Desk) -> None:
    ana = desk.member("Ana")
    beats(desk, "worker:w1", "watchdog:d1")
    assert "needs a look" not in ana.get("/staff").text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_a_part_that_is_late_or_warns_stands_calmly_on_the_page(desk: Desk, role: Role) -> None:
    ana = desk.member("Ana", role)
    beats(desk, f"{WARNING}smsgate:battery_low")
    shown = ana.get("/staff" if role is not Role.ADMINISTRATOR else "/staff/members").text
    assert "the worker gives no sign of life" in shown
    assert "smsgate battery low" in shown


def test_who_neither_answers_nor_runs_it_is_told_nothing_of_the_chain(desk: Desk) -> None:
    assert "needs a look" not in desk.member("Ana", Role.ANALYST).get("/staff/account").text


def test_every_part_and_every_kind_of_task_has_words() -> None:
    assert YOUNG.keys() <= {part for part in YOUNG if part.value in words.CHAIN}
    assert [kind.value for kind in TaskKind if kind.value not in words.TASKS] == []
    assert {one.value for one in Calls} == words.CALLS.keys()


@pytest.mark.parametrize("calls", list(Calls))
def test_what_a_person_may_do_with_her_number_stands_beside_the_way_to_write(desk: Desk, calls: Calls) -> None:
    ana = desk.member("Ana")
    known = desk.she_writes("hello")
    assert words.CALLS["never"] in ana.get(f"/staff/people/{known.id}").text, "nothing said means no"
    with desk.house.database.write() as unit:
        contact_rules.keep(unit, known.id, known.key, Rules(hours=spans(600, 720), calls=calls))
    assert words.CALLS[calls.value] in ana.get(f"/staff/people/{known.id}").text


def kept(desk: Desk, unit: Unit, known: object, medium: Medium, body: bytes, media_type: str) -> str:
    original = Original(medium, body, "web", unit.now, media_type=media_type)
    desk.house.rooms.evidence.keep(unit, original, survivor_id=known.id, key=known.key)  # type: ignore[attr-defined]
    items = desk.house.rooms.evidence_reading.items(unit.conn, survivor_id=known.id, key=known.key)  # type: ignore[attr-defined]
    return items[-1].id


def test_what_she_shares_opens_and_is_audited_and_what_she_does_not_share_does_not_exist(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    known = desk.she_writes("hello")
    with desk.house.database.write() as unit:
        words_id = kept(desk, unit, known, Medium.WORDS, b"He broke the door.", "text/plain; charset=utf-8")
        page_id = kept(desk, unit, known, Medium.FILE, b"<script>1</script>", "text/html")
        own_id = kept(desk, unit, known, Medium.PHOTO, b"\xff\xd8\xff", "image/jpeg")
        for one in (words_id, page_id):
            desk.house.rooms.evidence.share(unit, one, survivor_id=known.id)
    at = f"/staff/people/{known.id}/evidence/"
    for page in (f"/staff/people/{known.id}", f"/staff/alerts/{number}"):
        shown = ana.get(page).text
        assert words_id in shown
        assert own_id not in shown
    assert ana.get(at + words_id).text == "He broke the door."
    file = ana.get(at + page_id)
    assert file.content_type == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert ana.get(at + own_id).status_code == 404
    with desk.house.database.write() as unit:
        desk.house.rooms.evidence.unshare(unit, words_id, survivor_id=known.id)
    assert ana.get(at + words_id).status_code == 404
    with desk.house.database.read() as conn:
        read = conn.execute(select(AuditRow.subject, AuditRow.actor).where(AuditRow.kind == "evidence.read")).all()
    assert {(row.subject, row.actor) for row in read} == {(words_id, desk.ids["Ana"]), (page_id, desk.ids["Ana"])}


@pytest.mark.parametrize(("path", "status"), [("/staff/nothing", 404), ("/staff/alerts/999", 404)])
def test_a_browser_sees_a_calm_page_where_there_is_none(desk: Desk, path: str, status: int) -> None:
    answer = desk.member("Ana").get(path, headers=HTML)
    assert answer.status_code == status
    assert "<h1>There is nothing here</h1>" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_stranger_sees_the_same_page_and_a_script_hears_json(desk: Desk, app: Flask) -> None:
    stranger = app.test_client().get("/staff/nothing", headers=HTML)
    assert stranger.status_code == 404
    assert stranger.text == desk.member("Ana").get("/staff/nothing", headers=HTML).text
    assert app.test_client().get("/staff/nothing", headers={"Accept": "application/json"}).json == {"error": "not found"}
    assert app.test_client().get("/api/v1/nothing", headers=HTML).json == {"error": "not found"}


@pytest.mark.expects_errors
def test_a_page_that_fails_says_calmly_that_nothing_was_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = desk.member("Ana")
    monkeypatch.setattr("sos.console.queue.page", lambda *_, **__: 1 / 0)
    answer = ana.get("/staff", headers=HTML)
    assert answer.status_code == 503
    assert "Nothing was stored" in answer.text
    assert "ZeroDivision" not in answer.text
