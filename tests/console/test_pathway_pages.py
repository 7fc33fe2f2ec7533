"""Pathways, offers, appointments, papers and assessments as pages: each for whom it is, and for nobody else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from sos.alerts.models import AlertBarRow, AlertRow
from sos.assessments.models import AssessmentRow
from sos.db.types import new_id
from sos.referrals.appointments.models import AppointmentRow
from sos.referrals.offers.states import OfferKind
from sos.staff import queries as tasks
from sos.staff.members.states import Role
from sos.survivors.address import Address, Channel
from tests.console.desk import HER, Desk

OTHER = Address(Channel.SMS, "+38344000102")
OFFER = {"kind": "training", "title": "Sewing course", "organisation": "An invented centre", "area": "Peja", "opens_on": "2026-01-01",
         "closes_on": "2028-01-01", "places": "2", "source": "invented"}  # fmt: skip
APPOINTMENT = {"kind": "home_care", "starts_at": "2027-03-04T10:30", "minutes": "60", "with_whom": "a nurse", "where": "at the bakery",
               "cover": "a delivery", "reminder": "Your parcel is ready"}  # fmt: skip


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def someone(desk: Desk, address: Address = HER) -> str:
    return desk.she_writes("hello", address).id


def bar(desk: Desk, alias: str, survivor_id: str) -> None:
    with desk.house.database.write() as unit:
        values = {
            "id": new_id(),
            "member_id": desk.ids[alias],
            "alert_id": new_id(),
            "survivor_id": survivor_id,
            "by": "b" * 32,
            "at": unit.now,
        }
        unit.conn.execute(insert(AlertBarRow), {name: value for name, value in values.items() if name in AlertBarRow.__table__.c})


def id_in(text: str, start: str) -> str:
    found = re.search(start + r"([0-9a-f]{32})", text)
    assert found is not None, start
    return found[1]


def test_a_pathway_shows_what_is_missing_first_and_who_can_be_reached_now(desk: Desk) -> None:
    ana = desk.member("Ana")
    listed = ana.get("/staff/pathways").text
    assert listed.index("Vranje") < listed.index("Prishtin"), "those with more missing stand first"
    page = ana.get("/staff/pathways/rs-vranje").text
    assert page.index("nobody fills this seat") < page.index("Who can be reached")
    assert "+381 60 000 113" in page
    assert "A demonstration" in page
    only = ana.get("/staff/pathways/rs-vranje?category=police").text
    assert "Invented officer" in only
    assert "Invented Health Centre" not in only
    assert ana.get("/staff/pathways/xk-nowhere").status_code == 404


def test_an_offer_is_published_leaves_tasks_and_is_closed_by_whom_may(desk: Desk) -> None:
    ana, sara = desk.member("Ana"), desk.member("Sara", Role.SUPERVISOR)
    editor = desk.member("Edi", Role.DIRECTORY_EDITOR, on_duty=False)
    hers = someone(desk)
    with desk.house.database.write() as unit:
        desk.house.rooms.offers.wish(unit, survivor_id=hers, kind=OfferKind.TRAINING, area="xk-peje")
    assert ana.post("/staff/offers", data=OFFER).status_code == 404, "an operator does not publish"
    assert editor.post("/staff/offers", data=OFFER).status_code == 303
    offer = id_in(ana.get("/staff/offers").text, "/staff/offers/")
    with desk.house.database.read() as conn:
        assert [task.kind.value for task in tasks.of_person(conn, hers)] == ["offer"]
    assert desk.on_the_way() == [], "nobody was written to"
    assert editor.get(f"/staff/offers/{offer}").status_code == 404, "who applied is not for an editor"
    page = ana.get(f"/staff/people/{hers}/offers").text
    assert "as she asked" in page
    assert "Training, Pej" in page
    assert ana.post(f"/staff/people/{hers}/offers/{offer}").status_code == 303
    assert "1 of 2 places left" in ana.get("/staff/offers").text
    application = id_in(ana.get(f"/staff/offers/{offer}").text, "/applications/")
    back = ana.post(f"/staff/offers/{offer}/applications/{application}/apply", data={"back": hers}).headers["Location"]
    assert back == f"/staff/people/{hers}/offers"
    assert ana.post(f"/staff/offers/{offer}/applications/{application}/finish").status_code == 409
    sara.post(f"/staff/offers/{offer}/close")
    assert ana.post(f"/staff/people/{hers}/offers/{offer}").status_code == 409


@pytest.mark.parametrize(
    "change", [{"area": "Atlantis"}, {"places": "many"}, {"closes_on": "2025-01-01"}, {"title": " "}, {"kind": "palace"}]
)
def test_a_wrong_offer_is_not_published_and_what_was_typed_stays(desk: Desk, change: dict[str, str]) -> None:
    answer = desk.member("Sara", Role.SUPERVISOR).post("/staff/offers", data=OFFER | change)
    assert answer.status_code == 422
    assert "Nothing was published" in answer.text
    assert "An invented centre" in answer.text


def test_several_apply_together_by_alias_and_nobody_sees_with_whom(desk: Desk) -> None:
    ana, blerta, sara = desk.member("Ana"), desk.member("Blerta"), desk.member("Sara", Role.SUPERVISOR)
    one, two = someone(desk), someone(desk, OTHER)
    for person, alias in ((one, "Blue Door"), (two, "Red Roof")):
        ana.post(f"/staff/people/{person}/alias", data={"alias": alias})
    sara.post("/staff/offers", data=OFFER | {"conditions": "joint"})
    offer = id_in(sara.get("/staff/offers").text, "/staff/offers/")
    for wrong in ("Blue Door\nNobody", "Blue Door\nblue door"):
        assert ana.post(f"/staff/offers/{offer}/together", data={"aliases": wrong}).status_code == 409
    assert ana.post(f"/staff/offers/{offer}/together", data={"aliases": "Blue Door\nRed Roof"}).status_code == 303
    for page in (ana.get(f"/staff/offers/{offer}").text, ana.get(f"/staff/people/{one}/offers").text):
        assert "2 people together" in page
        assert "Red Roof" not in page
        assert two not in page
    bar(desk, "Blerta", two)
    assert "2 people together" not in blerta.get(f"/staff/offers/{offer}").text
    application = id_in(ana.get(f"/staff/offers/{offer}").text, "/applications/")
    assert blerta.post(f"/staff/offers/{offer}/applications/{application}/apply").status_code == 404


def test_an_appointment_is_agreed_put_off_and_held(desk: Desk) -> None:
    ana, hers = desk.member("Ana"), someone(desk)
    at = f"/staff/people/{hers}/appointments"
    assert ana.post(at, data=APPOINTMENT).status_code == 303
    page = ana.get(at).text
    for said in ("Thu 04 Mar, 10:30", "a nurse, at the bakery", "a delivery", "Your parcel is ready"):
        assert said in page
    one = id_in(page, f"{at}/")
    assert ana.post(at, data=APPOINTMENT | {"starts_at": "2027-03-04T11:00"}).status_code == 422, "she is somewhere else then"
    assert ana.post(f"{at}/{one}/put-off", data={"starts_at": "2027-03-05T09:00"}).status_code == 303
    assert "Fri 05 Mar, 09:00" in ana.get(at).text
    other = someone(desk, OTHER)
    assert ana.post(f"/staff/people/{other}/appointments/{one}/held").status_code == 404, "hers stands on no other page"
    assert ana.post(f"{at}/{one}/held").status_code == 303
    assert "took place" in ana.get(at).text
    assert ana.post(f"{at}/{one}/cancel").status_code == 409


@pytest.mark.parametrize(
    "change",
    [{"reminder": "The doctor waits"}, {"starts_at": "2020-01-01T10:00"}, {"starts_at": "soon"}, {"minutes": "0"}, {"kind": "wedding"}],
    ids=["tells too much", "past", "no time", "no length", "no kind"],
)
def test_what_cannot_be_agreed_keeps_nothing_and_says_why(desk: Desk, change: dict[str, str]) -> None:
    ana, hers = desk.member("Ana"), someone(desk)
    answer = ana.post(f"/staff/people/{hers}/appointments", data=APPOINTMENT | change)
    assert answer.status_code == 422
    assert "a delivery" in answer.text, "what was typed stays"
    with desk.house.database.read() as conn:
        assert conn.execute(select(AppointmentRow.id)).all() == []


def begin_papers(client: FlaskClient, survivor_id: str) -> str:
    answer = client.post(f"/staff/people/{survivor_id}/papers", data={"kind": "birth_registration"})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_papers_go_step_by_step_and_only_their_mediator_sees_them(desk: Desk) -> None:
    ana, blerta, sara = desk.member("Ana"), desk.member("Blerta"), desk.member("Sara", Role.SUPERVISOR)
    at = begin_papers(ana, someone(desk))
    step = id_in(ana.get(at).text, "/steps/")
    assert ana.post(f"{at}/steps/{step}/begin").status_code == 303
    assert ana.post(f"{at}/steps/{step}/begin").status_code == 409
    ana.post(f"{at}/steps/{step}/keep", data={"due": "2020-01-01", "note": "window 3"})
    assert "window 3" in ana.get(at).text
    assert "late" in ana.get("/staff/papers").text
    assert ana.post(f"{at}/steps/{step}/keep", data={"due": "soon"}).status_code == 422
    for other in (blerta, sara):
        assert other.get(at).status_code == 404
        assert other.post(f"{at}/stop").status_code == 404
        assert other.post(f"{at}/take-up").status_code == 404, "only one that is nobody's is taken up"
        assert at not in other.get("/staff/papers").text
    assert ana.post(f"{at}/hand-over", data={"to": desk.ids["Blerta"]}).headers["Location"] == "/staff/papers"
    assert ana.get(at).status_code == 404
    assert blerta.post(f"{at}/receive").status_code == 303
    assert "received" in blerta.get(at).text


def test_a_case_whose_mediator_left_is_taken_up_by_a_supervisor(desk: Desk) -> None:
    ana, blerta, sara = desk.member("Ana"), desk.member("Blerta"), desk.member("Sara", Role.SUPERVISOR)
    at = begin_papers(ana, someone(desk))
    with desk.house.database.write() as unit:
        desk.house.rooms.members.leave(unit, desk.ids["Ana"], desk.ids["Sara"])
    assert "Cases without a mediator" in sara.get("/staff/papers").text
    assert "Cases without a mediator" not in blerta.get("/staff/papers").text
    assert blerta.post(f"{at}/take-up").status_code == 404
    assert sara.post(f"{at}/take-up").status_code == 303
    assert sara.get(at).status_code == 200


def begin_talk(client: FlaskClient, survivor_id: str, slug: str = "needs") -> str:
    answer = client.post(f"/staff/people/{survivor_id}/assessments", data={"slug": slug})
    assert answer.status_code == 303
    return answer.headers["Location"]


def counted(desk: Desk) -> list[bool]:
    with desk.house.database.read() as conn:
        return list(conn.execute(select(AssessmentRow.counted)).scalars())


def test_a_talk_becomes_needs_services_and_gaps_and_safety_waits_until_she_is_alone(desk: Desk) -> None:
    ana = desk.member("Ana")
    desk.house.rooms.load_demonstration()
    at = begin_talk(ana, someone(desk))
    page = ana.get(at).text
    assert 'name="q-papers"' in page
    assert 'name="q-night"' not in page
    ana.post(f"{at}/answers", data={"q-papers": "with_somebody", "q-night": "no", "q-doctor": ""})
    page = ana.get(at).text
    assert "Papers and registration, Legal help" in page
    assert "A safe place to stay" not in page, "nothing about safety was kept"
    ana.post(f"{at}/alone", data={"alone": "yes"})
    assert 'name="q-night"' in ana.get(at).text
    ana.post(f"{at}/answers", data={"q-night": "no"})
    assert "A safe place to stay" in ana.get(at).text
    ana.post(f"{at}/alone", data={"alone": "no"})
    hidden = ana.get(at).text
    assert "is it somewhere you can rest" not in hidden
    assert "A safe place to stay" not in hidden, "what she said about safety is not on the screen while somebody is near"
    assert "A safe place to stay" not in ana.post(f"{at}/services", data={"place": "Prizren"}).text
    ana.post(f"{at}/alone", data={"alone": "yes"})
    found = ana.post(f"{at}/services", data={"place": "Prizren"}).text
    assert "Legal help" in found
    assert "(demonstration)" in found
    ana.post(f"{at}/answers", data={"q-papers": ""})
    assert "Papers and registration" not in ana.get(at).text, "taken back"
    assert "A mungon" in ana.get(f"{at}?in=sq").text


def test_it_is_counted_only_after_her_yes_and_no_more_after_her_no(desk: Desk) -> None:
    ana = desk.member("Ana")
    at = begin_talk(ana, someone(desk))
    ana.post(f"{at}/answers", data={"q-papers": "yes"})
    assert counted(desk) == [False]
    ana.post(f"{at}/counted", data={"counted": "yes"})
    assert counted(desk) == [True]
    ana.post(f"{at}/counted", data={"counted": "no"})
    assert counted(desk) == [False]


def test_a_household_and_a_person_never_share_a_record(desk: Desk) -> None:
    ana, hers = desk.member("Ana"), someone(desk)
    assert "durable_solutions" not in ana.get(f"/staff/people/{hers}/assessments").text
    ana.post(f"/staff/people/{hers}/assessments", data={"slug": "durable_solutions"})
    assert counted(desk) == []
    visited = ana.post("/staff/people/new", data={"source": "visit", "text": "a household"}).headers["Location"].rpartition("/")[2]
    begin_talk(ana, visited, "durable_solutions")
    assert 'value="needs"' not in ana.get(f"/staff/people/{visited}/assessments").text
    ana.post(f"/staff/people/{visited}/assessments", data={"slug": "needs"})
    with desk.house.database.read() as conn:
        assert conn.execute(select(AssessmentRow.slug)).scalars().all() == ["durable_solutions"]


def test_nothing_of_hers_exists_for_a_barred_colleague_or_for_shelter_staff(desk: Desk) -> None:
    ana, blerta, hers = desk.member("Ana"), desk.member("Blerta"), someone(desk)
    shelter = desk.member("Shpresa", Role.SHELTER_STAFF, on_duty=False)
    talk, papers = begin_talk(ana, hers), begin_papers(ana, hers)
    pages = [talk, papers, *(f"/staff/people/{hers}/{name}" for name in ("appointments", "offers", "assessments"))]
    assert {ana.get(page).status_code for page in pages} == {200}
    assert {shelter.get(page).status_code for page in [*pages, "/staff/papers", "/staff/offers", "/staff/pathways"]} == {404}
    bar(desk, "Blerta", hers)
    assert {blerta.get(page).status_code for page in pages} == {404}
    for post in (f"{talk}/answers", f"{talk}/counted", f"{talk}/alone", f"{talk}/services", f"/staff/people/{hers}/papers"):
        assert blerta.post(post, data={"kind": "court", "counted": "yes"}).status_code == 404, post
    assert counted(desk) == [False]
    bar(desk, "Ana", hers)
    assert ana.get(papers).status_code == 404, "nor any more for whoever had it"
    assert papers not in ana.get("/staff/papers").text


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.lists(
        st.tuples(st.sampled_from(["night", "order", "papers", "stay", "own_money"]), st.sampled_from(["yes", "no", "not_sure", ""])),
        max_size=6,
    ),
    alone=st.booleans(),
)
def test_whatever_is_answered_no_alert_moves_and_nobody_is_counted(desk: Desk, answers: list[tuple[str, str]], alone: bool) -> None:
    if not desk.ids:
        desk.member("Ana")
        desk.sos("help")
    columns = (AlertRow.survivor_id, AlertRow.state, AlertRow.urgency, AlertRow.reasons, AlertRow.count, AlertRow.state_at)
    with desk.house.database.read() as conn:
        before = conn.execute(select(*columns)).one()
    from tests.console.signed_in import sign_in

    ana = sign_in(desk.app, desk.ids["Ana"])
    at = begin_talk(ana, before.survivor_id)
    ana.post(f"{at}/alone", data={"alone": "yes" if alone else "no"})
    ana.post(f"{at}/answers", data={f"q-{question}": code for question, code in answers})
    ana.get(at)
    with desk.house.database.read() as conn:
        assert conn.execute(select(*columns)).one() == before
    assert not any(counted(desk))
