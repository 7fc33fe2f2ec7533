"""Bars of agencies, summaries, borders, overrides and links on the rooms themselves; the page to print says nothing of where or whom."""

import re
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.referrals.consents.states import Field, Purpose
from sos.referrals.errors import Barred, NoConsent, NoLegalNote, NoSuchGround, NoSuchReferral, NotApproved, OneAndTheSame
from sos.referrals.outside import sheet
from sos.referrals.override.actions import Request
from sos.referrals.override.grounds import Grounds
from sos.referrals.override.states import ToldHer
from sos.transitions import IllegalMove
from tests.bot.plain_desk import CONFIG
from tests.referrals.agencies import ANA, HOTLINE, LAWYER, LEGAL_AID, MIRA, NEEDS, SHELTER, WARDEN, Desk


@pytest.fixture
def desk(database: Database, keystore: Keystore) -> Desk:
    return Desk(database, keystore)


def wants(desk: Desk, **changes: object) -> Request:
    until = desk.database.clock.now() + timedelta(days=3)
    return Request(**({"ground": "demo", "reason": "unconscious", "recipient": SHELTER, "values": NEEDS, "until": until} | changes))  # type: ignore[arg-type]


def ask(desk: Desk, arta: str, **changes: object) -> str:
    with desk.database.write() as unit:
        return desk.overrides.ask(unit, arta, wants(desk, **changes), by=ANA)


def test_a_barred_agency_loses_the_case_at_once_and_gets_none_again(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    number = desk.number(referral)
    with desk.database.write() as unit:
        desk.referrals.bar_agency(unit, arta, LEGAL_AID, by=ANA)
    assert desk.sees(LAWYER, referral, number) == [False] * 4
    with pytest.raises(Barred):
        desk.refer(arta)


def test_words_that_she_did_not_approve_do_not_leave(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta, fields=frozenset(Field))
    with pytest.raises(NotApproved):
        desk.refer(arta, values={Field.SUMMARY: "words"})
    with desk.database.write() as unit:
        first = desk.summaries.draft(unit, arta, "words", by=ANA)
        desk.summaries.approve(unit, arta, first.id, by=ANA)
    desk.refer(arta, values={Field.SUMMARY: "words"})
    with desk.database.write() as unit:
        desk.summaries.draft(unit, arta, "other words", by=ANA)
        with pytest.raises(NotApproved):
            desk.summaries.approve(unit, arta, first.id, by=ANA)
    for text in ("words", "other words"):
        with pytest.raises(NotApproved):
            desk.refer(arta, values={Field.SUMMARY: text})


def test_a_consent_at_home_crosses_no_border(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    with desk.database.write() as unit:
        send = {"survivor_id": arta, "recipient": LEGAL_AID, "values": NEEDS, "by": ANA, "across_border": True}
        with pytest.raises(NoLegalNote):
            desk.referrals.send(unit, **send)
        with pytest.raises(NoConsent):
            desk.referrals.send(unit, **send, legal_note="a note")
    desk.agrees(arta, purpose=Purpose.CROSS_BORDER)
    with desk.database.write() as unit:
        assert desk.referrals.send(unit, **send, legal_note="a note")


def test_nobody_decides_on_what_they_asked_for_themselves(desk: Desk) -> None:
    arta = desk.somebody()
    override = ask(desk, arta)
    with pytest.raises(OneAndTheSame), desk.database.write() as unit:
        desk.overrides.approve(unit, override, by=ANA)
    assert not desk.heard.new
    with desk.database.write() as unit:
        referral = desk.overrides.approve(unit, override, by=MIRA)
    assert desk.read(referral, WARDEN) == NEEDS
    assert desk.told.waits == [arta]
    with desk.database.write() as unit:
        desk.overrides.tell(unit, override, ToldHer.TOLD, by=ANA)
    assert desk.told.waits == []


def test_an_override_ends_by_itself_and_by_a_person(desk: Desk, clock: ManualClock) -> None:
    arta = desk.somebody()
    override = ask(desk, arta)
    with desk.database.write() as unit:
        referral = desk.overrides.approve(unit, override, by=MIRA)
    clock.advance(days=3)
    assert desk.read(referral, WARDEN) is None
    with desk.database.write() as unit:
        desk.overrides.end(unit, override, by=MIRA)
        with pytest.raises(IllegalMove):
            desk.overrides.approve(unit, override, by=MIRA)


@pytest.mark.parametrize(
    "wrong", [{"ground": "none"}, {"reason": " "}, {"values": {}}, {"until": datetime(2027, 11, 1, tzinfo=UTC)}], ids=str
)
def test_no_override_without_ground_reason_values_and_a_near_end(desk: Desk, wrong: dict[str, object]) -> None:
    with pytest.raises((NoSuchGround, ValueError)):
        ask(desk, desk.somebody(), **wrong)


def test_a_report_is_closed_once_and_only_as_told_or_unsafe(desk: Desk) -> None:
    arta = desk.somebody()
    with desk.database.write() as unit:
        report = desk.overrides.report(unit, arta, "demo", "reported", by=ANA)
        assert desk.overrides.untold(unit.conn, arta)
        desk.overrides.close_report(unit, report, ToldHer.UNSAFE_TO_TELL, by=ANA)
        assert not desk.overrides.untold(unit.conn, arta)
        with pytest.raises(NoSuchReferral):
            desk.overrides.close_report(unit, report, ToldHer.TOLD, by=ANA)


def test_a_link_shows_what_the_consent_names_now_and_dies_with_it(desk: Desk) -> None:
    arta = desk.somebody()
    desk.agrees(arta)
    referral = desk.refer(arta)
    with desk.database.write() as unit:
        link = desk.links.make(unit, referral, HOTLINE)
        with pytest.raises(NoSuchReferral):
            desk.links.make(unit, referral, LAWYER)
    desk.withdraw(arta, verified=False)
    with desk.database.write() as unit:
        assert not desk.links.waits(unit, link.token)
        assert desk.links.open(unit, link.token, link.secret) is None
    assert link.secret not in repr(link)


def test_every_ground_and_duty_is_read_and_none_is_signed_yet() -> None:
    found = Grounds.load(CONFIG / "jurisdictions")
    assert found.problems == ()
    assert len(found.grounds) >= 4
    assert len(found.duties) >= 3
    assert set(found.unsigned()) == {*found.grounds.values(), *found.duties.values()}
    assert {one.country for one in found.grounds.values()} == {"XK", "RS"}


@pytest.mark.parametrize("language", sheet.LANGUAGES)
def test_the_page_to_print_holds_the_fields_and_no_more(language: str) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    made = sheet.sheet(dict.fromkeys(Field, "Žene, gra, Жене: ë ç š đ ı ğ"), number="AB2C3D", until=now, printed=now, language=language)
    assert made.startswith(b"%PDF")
    assert b"/MediaBox [0 0 595.28 841.89]" in made
    plain = made + b"".join(_streams(made))
    for word in (b"shelter", b"strehimore", b"sigurna ku", b"fpdf", b"http"):
        assert word not in plain.lower(), word


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            found.append(part)
    assert found
    return found


def test_a_language_that_is_not_there_is_no_page() -> None:
    with pytest.raises(KeyError):
        sheet.sheet({}, number="A", until=None, printed=datetime(2026, 11, 23, tzinfo=UTC), language="xx")
