"""Practice in the console: visibly apart, open to everyone with an account, and nothing real is written by a whole exercise."""

import re

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from sos.clock import ManualClock
from sos.factory import House
from sos.staff.members.states import Role
from tests.console.signed_in import add_member, sign_in

OURS = {"practice_runs", "practice_lines"}
OF_BEING_SIGNED_IN = {"staff_sessions"}


def _content(house: House) -> dict[str, list[object]]:
    with house.database.read() as conn:
        names = [name for name in inspect(conn).get_table_names() if name not in {"alembic_version", "heartbeats"} | OF_BEING_SIGNED_IN]
        return {name: sorted(map(repr, conn.execute(text(f'SELECT * FROM "{name}"')))) for name in names}


def _begin(client, scenario: str = "papers", language: str = "en") -> str:
    answer = client.post("/staff/practice", data={"scenario": scenario, "language": language})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_a_whole_exercise_over_its_pages_changes_no_real_row(app: Flask, house: House, clock: ManualClock) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Ana"))
    browser.get("/staff/practice")
    before = _content(house)
    assert len(before) > 20
    where = _begin(browser)
    for words in (
        "Are you safe to write?",
        "SOS, he has a knife, call 192",
        "What would help?",
        "Where are you?",
        "A free lawyer.",
        "Write again.",
    ):
        clock.advance(seconds=30)
        assert browser.post(f"{where}/write", data={"text": words}).status_code == 303
        assert browser.get(f"{where}/lines").status_code in (200, 205)
    shown = browser.get(where).text
    after = _content(house)
    assert {name for name in after if after[name] != before[name]} == OURS
    assert "Looking back" in shown
    assert "the person goes on with something that helps" in shown


@pytest.mark.parametrize("path", ["/staff/practice", "/staff/practice/record", "run", "debrief"])
def test_the_word_practice_stands_on_every_screen_and_in_every_title(app: Flask, house: House, path: str) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Chief", roles=[Role.SUPERVISOR]))
    if not path.startswith("/"):
        where = _begin(browser, language="sr")
        if path == "debrief":
            browser.post(f"{where}/stop")
        path = where
    shown = browser.get(path)
    assert shown.status_code == 200
    (title,) = re.findall(r"<title>(.*?)</title>", shown.text)
    assert title.startswith("PRACTICE")
    assert '<aside class="practice-band" aria-label="Practice mode"><strong>PRACTICE</strong>' in shown.text
    assert 'class="practice"' in shown.text
    assert "/staff/static/practice.css" in shown.text


def test_no_other_page_wears_the_band(app: Flask, house: House) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Chief", roles=[Role.SUPERVISOR, Role.OPERATOR]))
    for path in ("/staff/load", "/staff/night-list", "/staff/phrasebook"):
        assert "practice-band" not in browser.get(path).text


@pytest.mark.parametrize("roles", [pytest.param([role], id=role.value) for role in Role])
def test_whoever_has_an_account_may_practise(app: Flask, house: House, roles: list[Role]) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Ana", roles=roles))
    assert browser.get("/staff/practice").status_code == 200
    assert browser.get(_begin(browser)).status_code == 200
    assert browser.get("/staff/practice/record").status_code == (200 if roles in ([Role.SUPERVISOR], [Role.ADMINISTRATOR]) else 404)


def test_a_person_in_training_may_practise_and_nothing_else(app: Flask, house: House) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Court staff", roles=[Role.TRAINEE]))
    assert browser.get("/staff/practice").status_code == 200
    for path in (
        "/staff",
        "/staff/load",
        "/staff/night-list",
        "/staff/tasks",
        "/staff/people",
        "/staff/duty",
        "/staff/members",
        "/staff/alerts/1/card",
    ):
        assert browser.get(path).status_code == 404, path


def test_without_an_account_nobody_does(app: Flask) -> None:
    assert app.test_client().get("/staff/practice").status_code == 303


def test_an_exercise_is_shown_to_its_member_only(app: Flask, house: House) -> None:
    ana, chief = add_member(house.rooms, alias="Ana"), add_member(house.rooms, alias="Chief", roles=[Role.SUPERVISOR])
    where = _begin(sign_in(app, ana))
    other = sign_in(app, chief)
    assert other.get(where).status_code == 404
    assert other.get(f"{where}/lines").status_code == 404
    assert other.post(f"{where}/write", data={"text": "hello"}).status_code == 404
    assert other.post(f"{where}/stop").status_code == 404
    record = other.get("/staff/practice/record").text
    assert "Ana" in record
    assert "A question about papers" in record
    assert where.rsplit("/", 1)[1] not in record


def test_wrong_input_says_what_to_do_and_loses_nothing(app: Flask, house: House) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Ana"))
    assert browser.post("/staff/practice", data={"scenario": "nobody", "language": "en"}).status_code == 400
    assert browser.post("/staff/practice", data={"scenario": "papers", "language": "xx"}).status_code == 400
    where = _begin(browser)
    assert "Nothing was written" in browser.post(f"{where}/write", data={"text": "  "}).text
    long = browser.post(f"{where}/write", data={"text": "word " * 500}).text
    assert "Nothing was lost" in long
    assert long.count("word ") >= 490
    browser.post(f"{where}/stop")
    assert browser.post(f"{where}/write", data={"text": "hello"}).status_code == 303


def test_the_debrief_names_order_omissions_and_slips(app: Flask, house: House, clock: ManualClock) -> None:
    browser = sign_in(app, add_member(house.rooms, alias="Ana"))
    where = _begin(browser)
    for words in ("Do you have children?", "Why did you not leave?", "Are you safe to write now?"):
        clock.advance(seconds=61)
        browser.post(f"{where}/write", data={"text": words})
    browser.post(f"{where}/stop")
    shown = browser.get(where).text
    asked, missed, slips = (shown.index(part) for part in ("What you asked, in your order", "What was left out", "What is better left out"))
    assert (
        asked
        < shown.index("children <span")
        < shown.index("before you knew whether it was safe")
        < shown.index("safe to write? <span")
        < missed
    )
    assert missed < shown.index("what would help</li>") < slips < shown.index("a why-question")
    assert "after 1 min 1 s" in shown
