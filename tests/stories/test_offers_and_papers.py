"""Offers, appointments and papers as she meets them: asked for, never sent unasked; reminded in her own words only; gone with her."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from sos.bot.messages import Channel
from sos.conversations.herald import Silent
from sos.db.base import Base
from sos.outbox.models import OutboxRow
from sos.privacy.knowing import How
from sos.referrals.appointments.states import AppointmentKind
from sos.referrals.document_cases.states import DocumentKind
from sos.referrals.offers.models import WishRow
from sos.referrals.offers.states import Eligible, Offer, OfferKind
from sos.staff import queries as tasks
from sos.staff.states import TaskKind
from sos.survivors.contact_rules import actions as contact_rules
from sos.survivors.contact_rules.rules import DAY, Calls, Rules
from sos.survivors.words import Word
from tests.bot.talking import Line, Person
from tests.stories.hotline import Post, her_id, on_duty, states, time_passes
from tests.stories.voices import introduced

pytestmark = pytest.mark.story
ASKED = {"en": "offers", "sq": "oferta", "sr": "ponude", "bs": "konkursi", "tr": "fırsatlar"}
SEWING = Offer(
    "1" * 32, OfferKind.TRAINING, "Sewing course (demonstration)", "An invented centre", "xk-peje", date(2026, 1, 1), date(2028, 1, 1),
    6, 6, frozenset({Eligible.OVER_18}), "invented", date(2026, 11, 1),
)  # fmt: skip
PARCEL = "Your parcel is ready"


def publish(line: Line, offer: Offer = SEWING, by: str = "a" * 32) -> int:
    with line.rooms.database.write() as unit:
        return line.rooms.offers.publish(unit, offer, by=by)


def left_for(line: Line, survivor_id: str) -> list[str]:
    """What is noted on the offer task of hers."""
    rooms = line.rooms
    with rooms.database.write() as unit:
        key = rooms.survivors.key_of(unit, survivor_id)
        hers = [task for task in tasks.of_person(unit.conn, survivor_id) if task.kind is TaskKind.OFFER]
        return [note.text or "" for task in hers for note in tasks.notes(unit.conn, task.id, key=key.raw)]


def queued(line: Line) -> int:
    return line.count(OutboxRow)


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("channel", Channel)
def test_she_asks_by_word_or_from_the_menu_and_hears_nothing_until_a_person_speaks_with_her(
    line: Line, language: str, channel: Channel
) -> None:
    someone = introduced(
        line.person({"sms": "+38344000184", "telegram": "7003", "web": "web-session-73"}[channel.value], channel), language
    )
    by_word = someone.sends(ASKED[language])
    someone.sends("menu" if language == "en" else {"sq": "meny", "sr": "meni", "bs": "meni", "tr": "menü"}[language])
    from_menu = someone.taps("menu:offers") if channel is not Channel.SMS else someone.sends("7")
    assert by_word == from_menu
    someone.sends("1")
    someone.sends("Peja")
    assert line.count(WishRow) == 1
    before = queued(line)
    assert publish(line) == 1
    assert queued(line) == before, "not a letter leaves by itself"
    assert left_for(line, her_id(someone)) == [
        "Sewing course (demonstration), An invented centre: open until 01.01.2028. She asked to hear of such offers."
    ]


def test_both_questions_can_be_skipped_and_nothing_fits_elsewhere(line: Line, ana: Person) -> None:
    introduced(ana).says("offers", "training", "skip")
    assert publish(line) == 1, "no place said: anywhere"
    ana.says("offers", "training", "Prizren")
    assert publish(line, replace(SEWING, id="2" * 32)) == 0
    ana.says("offers", "skip")
    assert line.count(WishRow) == 1
    ana.says("offers", "nothing more")
    assert line.count(WishRow) == 0


def test_what_is_open_already_comes_to_a_person_at_once(line: Line, ana: Person) -> None:
    publish(line)
    introduced(ana).says("offers", "training", "Peja")
    assert "offer" in line.tasks()
    assert "Sewing" not in ana.all_read, "she hears it from a person, not on a screen that others may read"


def test_work_and_training_are_matched_as_before_and_lead_on_to_offers(line: Line, ana: Person) -> None:
    introduced(ana).sends("I need a job in Peja")
    assert line.count(WishRow) == 0
    assert "What would you like to hear of" not in ana.all_read


def test_danger_goes_before_every_question_about_offers(line: Line, ana: Person) -> None:
    introduced(ana).says("offers", "training")
    ana.sends("he is beating me now")
    assert line.alerts() == 1
    assert line.count(WishRow) == 0


def test_whoever_holds_her_phone_does_not_learn_what_she_asked_for(line: Line) -> None:
    asked, other = introduced(line.person("+38344000185")), introduced(line.person("+38344000186"))
    asked.says("offers", "training", "Peja")
    line.clock.advance(hours=26)
    read = [someone.sends("offers") for someone in (asked, other)]
    assert read[0] == read[1]


def agreed(line: Line, someone: Person, *, reminder: str = PARCEL, hours: float = 24) -> str:
    rooms = line.rooms
    with rooms.database.write() as unit:
        return rooms.appointments.agree(
            unit, survivor_id=her_id(someone), kind=AppointmentKind.HOME_CARE, starts_at=unit.now + timedelta(hours=hours), minutes=60,
            by="a" * 32, with_whom="nurse qumshkopriva", where="at the zvrkolampa", cover="a delivery", reminder=reminder,
        )  # fmt: skip


def allows(line: Line, someone: Person) -> None:
    rooms = line.rooms
    with rooms.database.write() as unit:
        known = rooms.survivors.meet(unit, someone.address, "generic")
        contact_rules.keep(unit, known.id, known.key, Rules(((0, DAY),), None, Calls.NEVER, "Europe/Belgrade"))


def test_her_own_line_leaves_three_hours_before_and_says_nothing_else(line: Line, ana: Person) -> None:
    introduced(ana)
    allows(line, ana)
    agreed(line, ana)
    post = Post(line)
    post.leaves()
    time_passes(line, hours=20)
    assert post.leaves() == []
    time_passes(line, hours=1, seconds=1)
    assert post.leaves() == [PARCEL]
    time_passes(line, hours=5)
    assert post.leaves() == []


@pytest.mark.parametrize("why", ["no rules", "cover", "not neutral", "erased", "cancelled"])
def test_where_she_did_not_allow_it_nothing_leaves(line: Line, ana: Person, why: str) -> None:
    introduced(ana)
    if why == "cover":
        ana.says("menu", "5", "2", "blue teapot", "blue teapot")
    if why != "no rules":
        allows(line, ana)
    made = agreed(line, ana, reminder="The doctor waits for you" if why == "not neutral" else PARCEL)
    hers = her_id(ana)
    if why == "erased":
        ana.says("erase", "1", "1")
    if why == "cancelled":
        with line.rooms.database.write() as unit:
            line.rooms.appointments.end(unit, made, "cancel", by="a" * 32)
    post = Post(line)
    post.leaves()
    before = queued(line)
    time_passes(line, hours=22)
    assert post.leaves() == []
    assert (queued(line) == before) == (why not in ("no rules", "cover")), "words that tell too much are not even queued"
    if why in ("no rules", "cover"):
        assert states(line, hers)[-1] == ("held", {"no rules": "hold"}.get(why, why)), "and the console says so"
    assert ("blocked_text" in line.tasks()) == (why == "not neutral")


def test_tools_that_never_write_send_no_reminder(line: Line, ana: Person) -> None:
    introduced(ana)
    allows(line, ana)
    agreed(line, ana)
    line.rooms.herald = Silent()
    before = queued(line)
    time_passes(line, hours=22)
    assert queued(line) == before


def test_a_step_that_is_late_comes_to_its_mediator_alone_and_names_nobody(line: Line, ana: Person) -> None:
    introduced(ana)
    rooms, mira = line.rooms, on_duty(line, "Mira")
    with rooms.database.write() as unit:
        case = rooms.document_cases.begin(unit, survivor_id=her_id(ana), kind=DocumentKind.BIRTH_REGISTRATION, mediator=mira)
        first, second, *_ = rooms.document_cases.open(unit, case, mediator=mira).steps
        for step in (first, second):
            rooms.document_cases.due(unit, case, step.id, line.clock.now().date() + timedelta(days=1), mediator=mira)
    time_passes(line, days=3)
    with rooms.database.read() as conn:
        (task,) = [task for task in tasks.waiting(conn, now=line.clock.now()) if task.kind is TaskKind.DOCUMENT_STEP]
    assert (task.taken_by, task.survivor_id, task.times) == (mira, None, 2)
    with rooms.database.write() as unit:
        rooms.members.leave(unit, mira, "b" * 32)
    with rooms.database.read() as conn:
        free = [task for task in tasks.waiting(conn, now=line.clock.now()) if task.kind is TaskKind.DOCUMENT_STEP and task.taken_by is None]
    assert len(free) == 1, "when she leaves, it waits for a supervisor"


def everything(line: Line, someone: Person) -> str:
    """One of each thing of hers; her id."""
    rooms, hers = line.rooms, her_id(someone)
    publish(line)
    agreed(line, someone)
    with rooms.database.write() as unit:
        rooms.offers.wish(unit, survivor_id=hers, kind=OfferKind.GRANT, area="xk-peje")
        rooms.offers.note(unit, SEWING.id, [hers], today=date(2026, 11, 24), by="a" * 32)
        case = rooms.document_cases.begin(unit, survivor_id=hers, kind=DocumentKind.COURT, mediator="a" * 32)
        step = rooms.document_cases.open(unit, case, mediator="a" * 32).steps[0].id
        rooms.document_cases.note(unit, case, step, "plavikopriva", mediator="a" * 32)
        made = rooms.assessments.begin(unit, survivor_id=hers, slug="needs", by="a" * 32)
        rooms.assessments.answer(unit, made, "papers", "with_somebody", by="a" * 32)
    return hers


HERS = ("offer_wishes", "applicants", "appointments", "document_cases", "document_steps", "assessments")


def test_with_erase_all_of_it_is_gone(line: Line, ana: Person) -> None:
    introduced(ana)
    everything(line, ana)
    kept = [name for name in HERS if line.count(Base.metadata.tables[name])]
    assert kept == list(HERS)
    ana.says("erase", "1", "1")
    assert [name for name in HERS if line.count(Base.metadata.tables[name])] == []
    with line.rooms.database.read() as conn:
        application = conn.execute(select(Base.metadata.tables["applications"].c.state)).scalar_one()
    assert application == "withdrawn", "and her place is free for another"


def test_what_is_known_of_her_tells_all_of_it_in_the_clear(line: Line) -> None:
    someone = introduced(line.person("web-session-74", Channel.WEB))
    rooms, hers = line.rooms, everything(line, someone)
    with rooms.database.write() as unit:
        known = rooms.survivors.meet(unit, someone.address, "web")
        rooms.survivors.agree_word(unit, known, Word.CHECK, "green door")
        told = rooms.knowing.tell(unit, known)
    assert known.id == hers
    assert {record.table for record in told.records} >= {*HERS, "applications"}
    shut = [(record.table, field.name) for record in told.records for field in record.fields if field.how is How.SHUT]
    assert shut == []
    values = " ".join(str(field.value) for record in told.records for field in record.fields)
    for word in ("qumshkopriva", "zvrkolampa", "a delivery", PARCEL, "plavikopriva", "with_somebody", "xk-peje", "court"):
        assert word in values, word
    kinds = {act.kind for act in told.acts}
    assert {"appointment.agreed", "application.noted", "document.noted", "assessment.changed"} <= kinds


def test_after_the_turn_of_the_keys_all_of_it_still_opens(line: Line, ana: Person) -> None:
    introduced(ana)
    hers = everything(line, ana)
    line.clock.advance(days=6)
    line.rooms.epochs.tend()
    with line.rooms.database.write() as unit:
        assert [one.cover for one in line.rooms.appointments.of(unit, hers)] == ["a delivery"]
        (case, *_), *_ = line.rooms.document_cases.of(unit, "a" * 32)
        assert line.rooms.document_cases.open(unit, case, mediator="a" * 32).steps[0].note == "plavikopriva"
