"""Consents and referrals in the console: every way to them closes in the moment in which she withdraws (DOMAIN 39-44)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sos.access.permission_map import ENDPOINTS
from sos.factory import House
from sos.referrals.access import Viewer
from sos.referrals.consents.receipts import Receipt, Recipient
from sos.referrals.consents.states import Field, Purpose
from sos.staff.members.states import Role
from sos.survivors.address import Address, Channel
from tests.console.signed_in import add_member, sign_in

HER = Address(Channel.SMS, "+38344000101")
SHELTER = Recipient("service", "2" * 32)
PLANTED = "zvrkolampa needs"
NEEDS = {Field.NEEDS: PLANTED, Field.LANGUAGE: "Albanian"}


class Case:
    """Ana's case, a shelter that was asked, and everybody who looks at it."""

    def __init__(self, app: Flask, house: House) -> None:
        self.app, self.house, rooms = app, house, house.rooms
        self.ids = {"Ana": add_member(rooms, alias="Ana"), "Mira": add_member(rooms, alias="Mira")}
        self.ids["Warden"] = add_member(rooms, alias="Warden", roles=[Role.SHELTER_STAFF], service_id=SHELTER.id)
        self.ids["Other"] = add_member(rooms, alias="Other", roles=[Role.SHELTER_STAFF], service_id="3" * 32)
        with house.database.write() as unit:
            self.her = rooms.survivors.meet(unit, HER, "generic").id
        self.operator, self.second = sign_in(app, self.ids["Ana"], fresh=True), sign_in(app, self.ids["Mira"], fresh=True)
        self.warden, self.other = sign_in(app, self.ids["Warden"]), sign_in(app, self.ids["Other"])
        self.at = f"/staff/people/{self.her}/referrals"

    def agrees(self, to: Recipient = SHELTER, *, purpose: Purpose = Purpose.ARRANGE) -> Receipt:
        with self.house.database.write() as unit:
            until, by = unit.now + timedelta(days=10), self.ids["Ana"]
            return self.house.rooms.consents.give(
                unit, survivor_id=self.her, recipient=to, fields=set(NEEDS), purpose=purpose, until=until, by=by
            )

    def refers(self, to: Recipient = SHELTER) -> str:
        with self.house.database.write() as unit:
            return self.house.rooms.referrals.send(unit, survivor_id=self.her, recipient=to, values=NEEDS, by=self.ids["Ana"])

    def withdraws(self, *, verified: bool) -> None:
        with self.house.database.write() as unit:
            self.house.rooms.consents.withdraw(unit, self.her, code=None, verified=verified)

    def link(self, referral: str) -> tuple[str, str]:
        page = self.operator.post(f"{self.at}/link", data={"referral": referral}).text
        address = re.search(r"<code>[^<]*(/outside/[^<]+)</code>", page)
        secret = re.search(r"<strong>(\d{6})</strong>", page)
        assert address
        assert secret
        return address[1], secret[1]


@pytest.fixture
def case(app: Flask, house: House) -> Case:
    return Case(app, house)


def test_words_are_read_to_her_before_anything_is_kept(case: Case) -> None:
    form = {"outside": "Legal aid office", "field-needs": "1", "field-area": "1", "purpose": "arrange", "days": "14"}
    page = case.operator.post(f"{case.at}/read-back", data=form).text
    assert "You agreed: Legal aid office may see" in page
    assert "what you need" in page
    with case.house.database.read() as conn:
        assert not case.house.rooms.consents.stands(conn, case.her)
    assert case.operator.post(f"{case.at}/consent", data=form).status_code == 409, "without her own yes"
    assert case.operator.post(f"{case.at}/consent", data=form | {"said-yes": "1"}).status_code == 303
    assert "Legal aid office" in case.operator.get(case.at).text


def test_what_she_did_not_agree_to_is_refused_and_a_notice_names_nothing(case: Case) -> None:
    case.agrees()
    to = {"to": SHELTER.spelt, "value-needs": PLANTED}
    with case.house.database.write() as unit:
        case.house.rooms.reach.stand_in(unit, case.ids["Warden"], "+38344000188")
    refused = case.operator.post(f"{case.at}/refer", data={"outside": "Somebody else", "value-needs": PLANTED})
    assert refused.status_code == 409
    assert "She has not agreed" in refused.text
    assert case.operator.post(f"{case.at}/refer", data=to).status_code == 409, "a service that nobody lists"
    case.refers()
    assert case.warden.get("/staff/items").status_code == 200


def test_an_agency_sees_its_own_items_and_answers_them(case: Case) -> None:
    case.agrees()
    referral = case.refers()
    assert PLANTED in case.warden.get(f"/staff/items/{referral}").text
    assert PLANTED not in case.warden.get("/staff/items").text
    assert case.other.get(f"/staff/items/{referral}").status_code == 404
    assert case.operator.get("/staff/items").status_code == 404
    assert case.warden.get(case.at).status_code == 404
    for act in ("accept", "begin", "complete"):
        assert case.warden.post(f"/staff/items/{referral}/{act}").status_code == 303
    assert case.warden.post(f"/staff/items/{referral}/tell", data={"text": "It went well"}).status_code == 303
    assert "It went well" in case.operator.get(case.at).text


def test_a_decline_is_coded_and_keeps_nothing_of_hers(case: Case) -> None:
    case.agrees()
    referral = case.refers()
    assert case.warden.post(f"/staff/items/{referral}/decline", data={"reason": "because"}).status_code == 409
    assert case.warden.post(f"/staff/items/{referral}/decline", data={"reason": "group_refused"}).status_code == 303
    assert case.warden.get(f"/staff/items/{referral}").status_code == 404
    assert "refuses a group" in case.operator.get("/staff/tasks").text


def test_a_link_opens_once_with_its_secret_and_answers_once(case: Case) -> None:
    case.agrees()
    address, secret = case.link(case.refers())
    nobody = case.app.test_client()
    first = nobody.get(address)
    assert (first.status_code, PLANTED in first.text) == (200, False)
    shown = nobody.post(address, data={"secret": secret})
    assert PLANTED in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "script" not in shown.text
    assert nobody.post(address, data={"secret": secret}).status_code == 404
    answer = re.search(r'name="answer" value="([^"]+)"', shown.text)
    assert answer
    given = {"answer": answer[1], "how": "accept"}
    assert "Thank you" in nobody.post("/outside/answer", data=given).text
    assert nobody.post("/outside/answer", data=given).status_code == 404


def test_five_wrong_secrets_and_72_hours_end_a_link(case: Case) -> None:
    case.agrees()
    referral = case.refers()
    address, secret = case.link(referral)
    nobody = case.app.test_client()
    wrong = "000000" if secret != "000000" else "111111"
    assert [nobody.post(address, data={"secret": wrong}).status_code for _ in range(5)] == [403] * 4 + [404]
    assert nobody.post(address, data={"secret": secret}).status_code == 404
    address, secret = case.link(referral)
    case.house.clock.advance(hours=73)  # type: ignore[attr-defined]
    assert nobody.post(address, data={"secret": secret}).status_code == 404


def _every_page(case: Case, referral: str, address: str) -> dict[str, FlaskClient]:
    """GET paths of the running application that name a person or a referral, and lists, with who may read each."""
    rules = {rule.endpoint: rule for rule in case.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    values = {"survivor_id": case.her, "referral_id": referral, "language": "en", "token": address.rpartition("/")[2]}
    pages: dict[str, FlaskClient] = {}
    for endpoint, rule in rules.items():
        ours = endpoint.split(".")[0] in ("referrals", "overrides", "agency", "outside", "people", "tasks", "queue")
        if (endpoint, "GET") in ENDPOINTS and ours and rule.arguments <= set(values):
            path = case.app.url_map.bind("localhost").build(endpoint, {name: values[name] for name in rule.arguments})
            pages[path] = case.warden if endpoint.startswith("agency") else case.operator
    return pages


@pytest.mark.parametrize("verified", [True, False], ids=["with the check word", "by whoever holds the phone"])
def test_every_page_that_showed_it_shows_nothing_in_the_same_moment(case: Case, verified: bool) -> None:
    case.agrees()
    referral = case.refers()
    address, secret = case.link(referral)
    number = re.search(r"<h3>([A-Z0-9]{6}):", case.operator.get(case.at).text)
    assert number
    pages = _every_page(case, referral, address)
    before = {path: client.get(path) for path, client in pages.items()}
    showed: set[str] = set()
    for path, answer in before.items():
        if answer.content_type == "application/pdf" or number[1].encode() in answer.data or PLANTED.encode() in answer.data:
            showed.add(path)
            assert "no-store" in answer.headers["Cache-Control"], path
    assert {case.at, f"{case.at}/{referral}/en.pdf", "/staff/items", f"/staff/items/{referral}"} <= showed
    case.withdraws(verified=verified)
    for path in pages:
        answer = pages[path].get(path)
        assert answer.status_code == 404 or (PLANTED.encode() not in answer.data and number[1].encode() not in answer.data), path
    assert case.warden.get(f"/staff/items/{referral}").status_code == 404
    assert case.operator.get(f"{case.at}/{referral}/en.pdf").status_code == 404
    assert case.app.test_client().get(address).status_code == 404
    assert case.app.test_client().post(address, data={"secret": secret}).status_code == 404
    for act in ("accept", "decline", "tell"):
        answer = case.warden.post(f"/staff/items/{referral}/{act}", data={"reason": "full", "text": "x"})
        assert answer.status_code == 404, act
    reading = case.house.rooms.referral_reading
    with case.house.database.write() as unit:
        for viewer in (Viewer(case.ids["Ana"]), Viewer(case.ids["Warden"], SHELTER)):
            assert reading.items(unit.conn, viewer, unit.now) == []
            assert reading.count(unit.conn, viewer, unit.now) == 0
            assert reading.by_number(unit.conn, viewer, unit.now, number[1]) is None
            assert reading.open(unit, referral, viewer) is None
            assert reading.recipient(unit, referral, viewer) is None
            assert reading.words(unit, referral, viewer) == []


OVERRIDE = {"ground": "xk-vital-interest", "reason": "She is unconscious", "outside": "Hospital", "value-needs": PLANTED}


def test_without_consent_two_different_persons_and_a_task_that_ends_only_by_telling(case: Case) -> None:
    assert case.operator.post(f"/staff/people/{case.her}/override", data=OVERRIDE).status_code == 303
    asked = re.search(r"/staff/overrides/(\w{32})/approve", case.second.get("/staff/overrides").text)
    assert asked
    assert "/approve" not in case.operator.get("/staff/overrides").text
    assert case.operator.post(f"/staff/overrides/{asked[1]}/approve").status_code == 409
    assert PLANTED not in case.operator.get(case.at).text, "nothing leaves before"
    assert case.second.post(f"/staff/overrides/{asked[1]}/approve").status_code == 303
    assert PLANTED in case.operator.get(case.at).text
    number = re.search(r"Task (\d+)</strong> Tell her", case.operator.get("/staff/tasks").text)
    assert number
    assert case.operator.post(f"/staff/tasks/{number[1]}/done").status_code == 409
    assert case.operator.post(f"/staff/overrides/{asked[1]}/told", data={"told": "later"}).status_code == 409
    assert case.operator.post(f"/staff/overrides/{asked[1]}/told", data={"told": "unsafe_to_tell"}).status_code == 303
    assert "Tell her what" not in case.operator.get("/staff/tasks").text


def test_sharing_without_consent_asks_for_a_fresh_second_factor(case: Case) -> None:
    stale = sign_in(case.app, case.ids["Ana"])
    assert stale.post(f"/staff/people/{case.her}/override", data=OVERRIDE).status_code != 303 or "fresh" in stale.post(
        f"/staff/people/{case.her}/override", data=OVERRIDE
    ).headers.get("Location", "")
    with case.house.database.write() as unit:
        assert case.house.rooms.overrides.asked(unit, Viewer(case.ids["Ana"])) == []


def test_a_report_under_a_duty_closes_only_as_told_or_unsafe(case: Case) -> None:
    noted = case.operator.post(f"{case.at}/report", data={"duty": "xk-child", "text": "reported by telephone"})
    assert noted.status_code == 303
    report = re.search(r'name="report" value="(\w{32})"', case.operator.get(case.at).text)
    assert report
    assert case.operator.post(f"{case.at}/report-told", data={"report": report[1]}).status_code == 409
    assert case.operator.post(f"{case.at}/report-told", data={"report": report[1], "told": "told"}).status_code == 303


def test_nothing_crosses_a_border_by_itself(case: Case) -> None:
    abroad = Recipient("outside", "Across the border")
    form = {"outside": abroad.id, "value-needs": PLANTED, "across": "1"}
    case.agrees(abroad)
    assert "legal note" in case.operator.post(f"{case.at}/refer", data=form).text
    assert case.operator.post(f"{case.at}/refer", data=form | {"legal-note": "as the law says"}).status_code == 409, "a consent of its own"
    case.agrees(abroad, purpose=Purpose.CROSS_BORDER)
    assert case.operator.post(f"{case.at}/refer", data=form | {"legal-note": "as the law says"}).status_code == 303
    assert "as the law says" in case.operator.get(case.at).text


def test_a_summary_leaves_only_as_she_approved_it(case: Case) -> None:
    assert case.operator.post(f"{case.at}/draft", data={"text": "Two nights ago she left."}).status_code == 303
    page = case.operator.get(case.at).text
    assert "A draft." in page
    summary = re.search(r'name="summary" value="(\w{32})"', page)
    assert summary
    assert case.operator.post(f"{case.at}/draft", data={"text": "Three nights ago she left."}).status_code == 303
    assert case.operator.post(f"{case.at}/approve", data={"summary": summary[1], "said-yes": "1"}).status_code == 409, (
        "changed after it was read to her"
    )


def test_for_whoever_is_barred_there_is_no_such_case(case: Case) -> None:
    case.agrees()
    referral = case.refers()
    case.operator.post(f"/staff/people/{case.her}/override", data=OVERRIDE)
    from sqlalchemy import insert

    from sos.alerts.models import AlertBarRow
    from sos.db.types import new_id

    with case.house.database.write() as unit:
        for who in ("Ana", "Warden"):
            bar = {
                "id": new_id(),
                "member_id": case.ids[who],
                "alert_id": None,
                "survivor_id": case.her,
                "by": case.ids["Mira"],
                "at": unit.now,
            }
            unit.conn.execute(insert(AlertBarRow).values(bar))
    for path in (case.at, f"{case.at}/{referral}/en.pdf"):
        assert case.operator.get(path).status_code == 404
    assert case.warden.get(f"/staff/items/{referral}").status_code == 404
    assert "unconscious" not in case.operator.get("/staff/overrides").text
    assert "unconscious" in case.second.get("/staff/overrides").text
