"""The desk: an SOS appears, one person takes it, reads it, answers, hands over, closes it. Nobody sees what is not hers to see."""

import re
import threading

import pytest
from flask import Flask
from sqlalchemy import select

from sos.alerts import bars
from sos.alerts.states import Note
from sos.audit.models import AuditRow
from sos.staff.members.states import Role
from tests.console.desk import HER, WORDS, Desk, pulse


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_an_sos_stands_on_the_banner_of_every_page_until_it_is_taken(desk: Desk) -> None:
    ana = desk.member("Ana")
    assert pulse(ana)["untaken"] is None
    number = desk.sos()
    assert pulse(ana)["untaken"]["number"] == number
    for address in ("/staff", "/staff/tasks", "/staff/people"):
        assert f"SOS {number}: nobody has taken it" in ana.get(address).text
    assert ana.post(f"/staff/alerts/{number}/claim").status_code == 303
    assert pulse(ana)["untaken"] is None


def test_a_pulse_that_changed_nothing_is_answered_with_304(desk: Desk) -> None:
    ana = desk.member("Ana")
    first = ana.get("/staff/pulse")
    again = ana.get("/staff/pulse", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    rows = ana.get("/staff/queue/rows")
    same = ana.get("/staff/queue/rows", headers={"If-None-Match": rows.headers["ETag"]})
    assert same.status_code == 304
    assert {one.headers["Cache-Control"] for one in (first, again, rows, same)} == {"no-store"}, "nothing stays on the disk"
    desk.sos()
    assert ana.get("/staff/pulse", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_rendered_on_duty_is_being_shown_and_rendered_off_duty_is_not(desk: Desk) -> None:
    off, on = desk.member("Off", on_duty=False), desk.member("On")
    number = desk.sos()
    assert off.post("/staff/seen", data={"alert": str(number)}).status_code == 204
    assert desk.state(number) == "received"
    assert on.post("/staff/seen", data={"alert": str(number)}).status_code == 204
    assert desk.state(number) == "being_shown"


def test_a_screen_that_asks_by_itself_has_read_nothing(desk: Desk) -> None:
    """She took it by telephone, from bed, while the case still stood on her screen at work."""
    ana, number = desk.member("Ana"), desk.sos()
    ana.get(f"/staff/alerts/{number}")
    with desk.house.database.write() as unit:
        found = bars.find(unit.conn, number, desk.ids["Ana"])
        assert found is not None
        desk.house.rooms.alerts.take(unit, found.id, desk.ids["Ana"])
    assert ana.get(f"/staff/alerts/{number}/lines").status_code == 200
    assert desk.state(number) == "taken"
    ana.get(f"/staff/alerts/{number}")
    assert desk.state(number) == "opened"


def test_the_taker_who_looks_has_opened_it_and_a_colleague_who_looks_has_not(desk: Desk) -> None:
    ana, blerta = desk.member("Ana"), desk.member("Blerta")
    number = desk.sos()
    assert blerta.get(f"/staff/alerts/{number}").status_code == 200
    assert desk.state(number) == "received"
    ana.post(f"/staff/alerts/{number}/claim")
    blerta.get(f"/staff/alerts/{number}")
    assert desk.state(number) == "taken"
    ana.get(f"/staff/alerts/{number}")
    assert desk.state(number) == "opened"


def test_a_claim_that_opens_the_case_tells_her_one_thing(desk: Desk) -> None:
    ana, number = desk.member("Ana"), desk.sos()
    before = desk.told(number)
    ana.post(f"/staff/alerts/{number}/claim")
    assert desk.told(number) == before
    for _ in range(2):
        ana.get(f"/staff/alerts/{number}")
    assert desk.told(number) == [*before, "told.opened"]


def test_a_claim_by_telephone_tells_her_that_it_is_taken_and_not_yet_read(desk: Desk) -> None:
    desk.member("Ana")
    number = desk.sos()
    with desk.house.database.write() as unit:
        found = bars.find(unit.conn, number, desk.ids["Ana"])
        assert found is not None
        desk.house.rooms.alerts.take(unit, found.id, desk.ids["Ana"])
    assert desk.told(number)[-1] == "told.taken"


def test_what_she_wrote_stands_there_with_latin_letters_beside_the_cyrillic(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    page = ana.get(f"/staff/alerts/{number}").text
    assert WORDS in page
    assert "Pomozite, on je pred vratima" in page
    assert "somebody is at the door" in page


def test_the_first_answer_of_the_taker_answers_and_leaves_at_once(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    ana.post(f"/staff/alerts/{number}/claim")
    ana.get(f"/staff/alerts/{number}")
    assert ana.post(f"/staff/alerts/{number}/reply", data={"text": "Ovde Ana. Mozete li da pisete?"}).status_code == 303
    assert desk.state(number) == "answered"
    assert desk.on_the_way()[-1] == ("sos", "waiting")
    page = ana.get(f"/staff/alerts/{number}").text
    assert "Ovde Ana" in page
    assert "Take back" not in page


def test_of_two_who_claim_at_once_one_gets_it(desk: Desk) -> None:
    clients = [desk.member("Ana"), desk.member("Blerta")]
    number = desk.sos()
    start, answers = threading.Barrier(2), []

    def claim(n: int) -> None:
        start.wait()
        answers.append(clients[n].post(f"/staff/alerts/{number}/claim").status_code)

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]


def test_handed_over_it_waits_for_the_other_person(desk: Desk) -> None:
    ana, blerta = desk.member("Ana"), desk.member("Blerta")
    number = desk.sos()
    ana.post(f"/staff/alerts/{number}/claim")
    ana.get(f"/staff/alerts/{number}")
    given = ana.post(f"/staff/alerts/{number}/hand-over", data={"to": desk.ids["Blerta"], "text": "two children"})
    assert given.headers["Location"] == "/staff"
    assert desk.state(number) == "handed_over"
    assert blerta.post(f"/staff/alerts/{number}/claim").status_code == 303
    assert "two children" in blerta.get(f"/staff/alerts/{number}").text


def test_it_ends_with_an_outcome_and_not_without(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    ana.post(f"/staff/alerts/{number}/claim")
    ana.get(f"/staff/alerts/{number}")
    ana.post(f"/staff/alerts/{number}/reply", data={"text": "Ovde Ana."})
    refused = ana.post(f"/staff/alerts/{number}/close", data={"text": "words kept"})
    assert refused.status_code == 409
    assert "words kept" in refused.text
    assert ana.post(f"/staff/alerts/{number}/close", data={"outcome": "safer_place"}).status_code == 303
    assert desk.state(number) == "closed"


def test_after_a_hard_case_a_break_is_offered_only_where_another_is_on_duty(desk: Desk) -> None:
    ana = desk.member("Ana")
    said = []
    for alone in (True, False):
        if not alone:
            desk.member("Blerta")
        number = desk.sos()
        ana.post(f"/staff/alerts/{number}/claim")
        ana.get(f"/staff/alerts/{number}")
        ana.post(f"/staff/alerts/{number}/close", data={"outcome": "safer_place"})
        said.append("Take five minutes" in ana.get("/staff").text)
    assert said == [False, True]


def test_for_whom_the_case_is_barred_it_does_not_exist(desk: Desk) -> None:
    ana, blerta = desk.member("Ana"), desk.member("Blerta")
    number = desk.sos()
    assert ana.post(f"/staff/alerts/{number}/conflict").status_code == 303
    assert pulse(ana)["untaken"] is None
    assert pulse(ana)["waiting"] == 0
    for address in ("/staff", "/staff/queue/rows"):
        assert f"SOS {number}" not in ana.get(address).text
    assert ana.get(f"/staff/alerts/{number}").status_code == 404
    assert ana.get(f"/staff/alerts/{number}/lines").status_code == 404
    assert ana.post(f"/staff/alerts/{number}/claim").status_code == 404
    assert ana.get(f"/staff/alerts/{number + 1}").status_code == 404, "as one that never was"
    assert blerta.get(f"/staff/alerts/{number}").status_code == 200


def test_no_word_of_hers_stands_in_an_address_or_in_the_queue(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    pages = [ana.get("/staff").text, ana.get("/staff/queue/rows").text, ana.get("/staff/pulse").text]
    assert not [page for page in pages if "Pomozite" in page or "Помозите" in page]
    html = ana.get(f"/staff/alerts/{number}").text
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', html)
    assert addresses
    assert not [address for address in addresses if not re.fullmatch(r"(?:#|/staff)[a-z0-9/_.\-]*", address)]
    assert 'method="get"' not in html


def test_who_has_no_desk_role_finds_nothing_here(desk: Desk) -> None:
    number = desk.sos()
    analyst = desk.member("Figures", Role.ANALYST, on_duty=False)
    for address in ("/staff", f"/staff/alerts/{number}", "/staff/tasks", "/staff/people"):
        assert analyst.get(address).status_code == 404
    assert pulse(analyst)["at_desk"] is False


def test_services_are_matched_for_an_operator_and_the_reading_is_posted(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    found = ana.post(
        f"/staff/alerts/{number}/services", data={"category": "legal_aid", "place": "Peja"}, headers={"Sec-Fetch-Dest": "empty"}
    )
    assert found.status_code == 200
    assert "<html" not in found.text
    assert 'value="Peja"' in found.text


def test_a_map_of_our_own_lines_stands_there_only_when_she_shared_a_place(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    assert "<svg" not in ana.get(f"/staff/alerts/{number}").text
    place = desk.house.rooms.gazetteer.locate("Peja").place
    assert place is not None
    with desk.house.database.write() as unit:
        assert desk.house.rooms.alerts.add(unit, HER, Note.PLACE, place.id)
    named = ana.get(f"/staff/alerts/{number}").text
    assert named.count('class="hers"') == 1
    assert "<circle" not in named
    with desk.house.database.write() as unit:
        desk.house.rooms.alerts.add(unit, HER, Note.POINT, f"{place.lat:.6f},{place.lon:.6f}")
    shared = ana.get(f"/staff/alerts/{number}").text
    assert "<circle" in shared
    assert f"{place.lat:.3f}" not in shared, "the point is drawn, its numbers are not"
    assert "http" not in shared.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_a_nuisance_stands_lower_is_never_hidden_and_the_mark_ends(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()
    ana.post(f"/staff/alerts/{number}/claim")
    ana.get(f"/staff/alerts/{number}")
    ana.post(f"/staff/alerts/{number}/nuisance", data={"days": "3"})
    assert "marked as nuisance" in ana.get("/staff").text
    assert "Marked as a nuisance until" in ana.get(f"/staff/alerts/{number}").text


def test_reading_her_words_is_audited_and_a_poll_that_changed_nothing_reads_nothing(desk: Desk) -> None:
    ana = desk.member("Ana")
    number = desk.sos()

    def read() -> int:
        with desk.house.database.read() as conn:
            kinds = list(conn.execute(select(AuditRow.kind).where(AuditRow.actor == desk.ids["Ana"])).scalars())
        return kinds.count("alert.read") + kinds.count("case.read")

    first = ana.get(f"/staff/alerts/{number}/lines")
    assert read() == 2
    again = ana.get(f"/staff/alerts/{number}/lines", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert read() == 2
