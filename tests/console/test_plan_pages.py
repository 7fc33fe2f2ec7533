"""The pages of a house: its plans on a phone, its note, its bell, its place - and nothing of another house."""

import io
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from sos.alerts.models import AlertRow
from sos.audit.models import AuditRow
from sos.directory.entries import HiddenEntry, OrganisationEntry, PlaceEntry, ServiceEntry
from sos.factory import House
from sos.safety_plans.models import PlanRow
from sos.shelters.reveal import Why
from sos.staff.members.states import Role
from tests.console.signed_in import add_member, sign_in

HOUSE, OTHER = "1" * 32, "2" * 32
TELLING = ("Hidden Oak House", "12 Quiet Street", "Zzyzxville")


class Shelter:
    """One confidential house with Ana and Mira, another one with Vera."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.house: House = app.extensions["sos"]
        self.rooms = self.house.rooms
        entry = ServiceEntry(
            id=HOUSE,
            name=TELLING[0],
            category="shelter",
            organisation=OrganisationEntry(id="3" * 32, name="Oak"),
            places=(PlaceEntry(id="4" * 32, location_id="5" * 32, address=TELLING[1], city=TELLING[2]),),
        )
        with self.house.database.write() as unit:
            self.rooms.vault.keep(unit, HiddenEntry(entry, "the hotline"))
        self.ids = {
            alias: add_member(self.rooms, alias=alias, roles=[Role.SHELTER_STAFF], service_id=where)
            for alias, where in {"Ana": HOUSE, "Mira": HOUSE, "Vera": OTHER}.items()
        }

    def browser(self, alias: str, *, fresh: bool = False) -> FlaskClient:
        return sign_in(self.app, self.ids[alias], fresh=fresh)

    def desk(self, role: Role = Role.OPERATOR, *, fresh: bool = False) -> FlaskClient:
        alias = f"{role.value}{fresh}"
        self.ids[alias] = add_member(self.rooms, alias=alias, roles=[role])
        with self.house.database.write() as unit:
            self.rooms.duty.start_shift(unit, self.ids[alias])
        return sign_in(self.app, self.ids[alias], fresh=fresh)

    def begin(self, who: FlaskClient, slug: str = "outgoing_shift") -> str:
        return str(who.post("/staff/plans", data={"slug": slug}).headers["Location"])

    def items(self, page: str) -> list[str]:
        found = re.findall(r'data-item="([a-z_]+)"', page)
        assert found
        return found

    def do(self, who: FlaskClient, plan: str, act: str, **form: object) -> tuple[int, str]:
        answer = who.post(f"{plan}/act/{act}", data=form, content_type="multipart/form-data" if act == "photo" else None)
        return answer.status_code, answer.text


@pytest.fixture
def shelter(app: Flask) -> Iterator[Shelter]:
    return Shelter(app)


def test_a_list_is_worked_through_and_signed_by_two(shelter: Shelter) -> None:
    ana, mira = shelter.browser("Ana"), shelter.browser("Mira")
    plan = shelter.begin(ana)
    assert shelter.do(ana, plan, "sign")[0] == HTTPStatus.CONFLICT
    page = ana.get(plan).text
    for item in shelter.items(page):
        assert shelter.do(ana, plan, "tick", item=item)[0] == HTTPStatus.SEE_OTHER
    for item in ("count", "keys"):
        assert shelter.do(ana, plan, "write", item=item, text="3 adults, 4 children")[0] == HTTPStatus.SEE_OTHER
    assert shelter.do(ana, plan, "sign")[0] == HTTPStatus.SEE_OTHER
    assert shelter.do(ana, plan, "sign")[0] == HTTPStatus.CONFLICT
    assert shelter.do(mira, plan, "sign")[0] == HTTPStatus.SEE_OTHER
    assert "signed by two" in mira.get("/staff/plans").text


def test_a_name_is_refused_by_its_word_and_the_rest_is_kept(shelter: Shelter) -> None:
    ana = shelter.browser("Ana")
    plan = shelter.begin(ana)
    status, page = shelter.do(ana, plan, "write", item="count", text="3 adults, Besarta 4 children")
    assert status == HTTPStatus.CONFLICT
    assert "“Besarta”" in page
    assert 'value="3 adults, Besarta 4 children"' in page


def test_several_arrivals_run_side_by_side_and_a_plan_for_fire_replaces_the_older_one(shelter: Shelter) -> None:
    ana = shelter.browser("Ana")
    first, second = shelter.begin(ana, "admission"), shelter.begin(ana, "admission")
    old, new = shelter.begin(ana, "fire"), shelter.begin(ana, "fire")
    page = ana.get("/staff/plans").text
    assert [link in page for link in (first, second, old, new)] == [True, True, False, True]


def test_another_house_finds_nothing_and_others_have_no_door_here(shelter: Shelter) -> None:
    plan = shelter.begin(shelter.browser("Ana"))
    vera, operator = shelter.browser("Vera"), shelter.desk()
    assert plan not in vera.get("/staff/plans").text
    paths = [plan, f"{plan}/print/en", f"{plan}/pdf/sq", f"{plan}/photo/keys"]
    for who in (vera, operator):
        assert {who.get(path).status_code for path in paths} == {HTTPStatus.NOT_FOUND}
        assert who.post(f"{plan}/act/tick", data={"item": "keys"}).status_code == HTTPStatus.NOT_FOUND
        assert who.post(f"{plan}/ticks", json={"keys": "done"}).status_code == HTTPStatus.NOT_FOUND
    assert operator.get("/staff/plans").status_code == HTTPStatus.NOT_FOUND


def test_a_colleague_of_another_house_cannot_be_made_an_owner(shelter: Shelter) -> None:
    ana = shelter.browser("Ana")
    plan = shelter.begin(ana)
    form = {"item": "keys", "due_on": "2027-01-01"}
    assert shelter.do(ana, plan, "assign", owner=shelter.ids["Vera"], **form)[0] == HTTPStatus.CONFLICT
    assert shelter.do(ana, plan, "assign", owner=shelter.ids["Mira"], **form)[0] == HTTPStatus.SEE_OTHER


def test_ticks_that_waited_for_the_line_arrive_together(shelter: Shelter) -> None:
    ana = shelter.browser("Ana")
    plan = shelter.begin(ana)
    answer = ana.post(f"{plan}/ticks", json={"keys": "done", "beds": "not_here"})
    stand = json.loads(answer.data)
    assert (stand["items"]["keys"], stand["items"]["beds"], stand["open"]) == ("done", "not_here", 9)
    assert ana.post(f"{plan}/ticks", json={"keys": "maybe"}).status_code == HTTPStatus.BAD_REQUEST
    assert ana.post(f"{plan}/ticks", json={"nothing": "done"}).status_code == HTTPStatus.NOT_FOUND


def test_a_large_photo_comes_in_and_loses_where_it_was_taken(shelter: Shelter) -> None:
    ana = shelter.browser("Ana")
    plan = shelter.begin(ana, "fire")
    picture, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "A telling phone"
    Image.effect_noise((1600, 1600), 90).convert("RGB").save(picture, "JPEG", quality=95, exif=exif)
    assert picture.tell() > 600_000
    picture.seek(0)
    assert shelter.do(ana, plan, "photo", item="gas", photo=(picture, "x.jpg"))[0] == HTTPStatus.SEE_OTHER
    kept = ana.get(f"{plan}/photo/gas")
    assert kept.content_type == "image/jpeg"
    assert b"telling" not in kept.data


@pytest.mark.parametrize("language", ["en", "sq", "sr"])
def test_paper_bears_no_house_no_place_and_no_member(shelter: Shelter, language: str, tmp_path: Path) -> None:
    ana = shelter.browser("Ana")
    plan = shelter.begin(ana, "fire")
    made = ana.get(f"{plan}/pdf/{language}")
    assert made.data.startswith(b"%PDF")
    page = ana.get(f"{plan}/print/{language}").text
    paper = page.partition("<article")[2].partition("</article>")[0]
    title = shelter.rooms.checklists.newest["fire"].title[language]
    assert title in paper
    assert not [word for word in (*TELLING, HOUSE, "Ana", "Mira", "helter") if word in paper]
    assert not [word for word in TELLING if word.encode() in made.data]


def test_a_note_reaches_the_house_in_neutral_words_and_is_answered(shelter: Shelter) -> None:
    ana, mira, vera = (shelter.browser(alias) for alias in ("Ana", "Mira", "Vera"))
    ana.post("/staff/plans/note/begin")
    assert "<strong>has not answered" in ana.get("/staff/plans").text
    assert "The note for today" not in vera.get("/staff/plans").text
    mira.post("/staff/plans/note/read")
    page = ana.get("/staff/plans").text
    assert "<strong>has not answered" not in page
    note = re.search(r'name="id" value="([0-9a-f]{32})"', page)
    assert note
    assert vera.post("/staff/plans/note/end", data={"id": note[1]}).status_code == HTTPStatus.NOT_FOUND
    ana.post("/staff/plans/note/end", data={"id": note[1]})
    assert "The note for today" not in ana.get("/staff/plans").text


def test_a_house_rings_and_its_place_opens_only_with_a_fresh_factor_a_reason_and_for_the_case(shelter: Shelter) -> None:
    stale, fresh = shelter.desk(), shelter.desk(Role.SUPERVISOR, fresh=True)
    ana = shelter.browser("Ana")
    for _ in range(2):
        assert ana.post("/staff/plans/ring").status_code == HTTPStatus.SEE_OTHER
    with shelter.house.database.read() as conn:
        (alert,) = conn.execute(select(AlertRow.__table__)).all()
    assert (alert.source, alert.urgency) == ("shelter", "emergency")
    page = fresh.get(f"/staff/alerts/{alert.number}").text
    assert "Open its place" in page
    assert not [word for word in TELLING[1:] if word in page], "its name stands on the card that operators match with, its place nowhere"
    path = f"/staff/alerts/{alert.number}/place"
    assert "/staff/fresh" in stale.get(path).headers["Location"]
    assert "/staff/fresh" in stale.post(path, data={"why": "police"}).headers["Location"]
    assert ana.get(path).status_code == HTTPStatus.NOT_FOUND
    asked = fresh.get(path).text
    assert not [word for word in TELLING if word in asked]
    assert fresh.post(path, data={"why": "curious"}).status_code == HTTPStatus.BAD_REQUEST
    shown = fresh.post(path, data={"why": Why.POLICE.value})
    assert all(word in shown.text for word in TELLING)
    assert shown.headers["Refresh"].startswith("30;")
    assert "no-store" in shown.headers["Cache-Control"]
    with shelter.house.database.read() as conn:
        rows = conn.execute(select(AuditRow.kind, AuditRow.subject, AuditRow.actor).where(AuditRow.kind.like("place.%"))).all()
    who = shelter.ids["supervisorTrue"]
    assert {tuple(row) for row in rows} == {("place.revealed.police", alert.id, who), ("place.revealed", HOUSE, who)}


def test_no_other_alert_opens_a_place(shelter: Shelter) -> None:
    fresh = shelter.desk(fresh=True)
    with shelter.house.database.write() as unit:
        raised = shelter.rooms.alerts.raise_alert(unit, address=None, survivor_id=None, reason="fear", words="x")
    assert fresh.get(f"/staff/alerts/{raised.number}/place").status_code == HTTPStatus.NOT_FOUND
    assert fresh.post(f"/staff/alerts/{raised.number}/place", data={"why": "police"}).status_code == HTTPStatus.NOT_FOUND


def test_supervisors_see_overdue_plans_by_opaque_names(shelter: Shelter) -> None:
    ana = shelter.browser("Ana")
    shelter.begin(ana, "fire")
    with shelter.house.database.read() as conn:
        plan = conn.execute(select(PlanRow.id)).scalar_one()
    chief = shelter.desk(Role.SUPERVISOR)
    assert plan[:4].upper() not in chief.get("/staff/plans/overdue").text
    shelter.house.clock.advance(days=5)  # type: ignore[attr-defined]
    chief = sign_in(shelter.app, shelter.ids["supervisorFalse"])
    page = chief.get("/staff/plans/overdue").text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert plan[:4].upper() in main
    assert not [word for word in ("Fire", "fire", HOUSE, plan) if word in main]
    assert ana.get("/staff/plans/overdue").status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.SEE_OTHER}
