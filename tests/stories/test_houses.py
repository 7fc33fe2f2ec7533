"""Stories of a house, as its staff lives them: plans, the note, the bell, arrivals and departures (promises 37 and 38). Everything is the real house."""

import re

import pytest
from sqlalchemy import select, text

from sos.alerts.models import AlertRow
from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.safety_plans import wording
from sos.safety_plans.states import Item, Plan
from sos.safety_plans.templates import LANGUAGES
from sos.staff import queries as tasks
from sos.staff.members.states import Role
from sos.staff.states import TaskKind
from sos.worker.schedule import handlers
from tests.bot.channels.test_staff_desk import MINE, STRANGER, Night
from tests.console.signed_in import add_member
from tests.staff.reach.test_reach import code_in

pytestmark = pytest.mark.story
HOUSE, OTHER = "1" * 32, "2" * 32
VESA, MIRA, VERA = "+38344000121", "+38344000122", "+38344000123"


class Shelter(Night):
    """Vesa and Mira work in one house, Vera in another; Zana supervises; Ana is on duty at the hotline."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        super().__init__(database, keystore, clock)
        self.clock = clock
        self.vesa, self.mira = self.joins("Vesa", VESA, HOUSE), self.joins("Mira", MIRA, HOUSE)
        self.vera = self.joins("Vera", VERA, OTHER)
        self.zana = self.joins("Zana", "+38344000124", None, Role.SUPERVISOR)
        self.news()

    def joins(self, alias: str, number: str, house: str | None, role: Role = Role.SHELTER_STAFF) -> str:
        member = add_member(self.rooms, alias=alias, roles=[role], service_id=house)
        with self.database.write() as unit:
            self.rooms.reach.begin_sms(unit, member, number)
        with self.database.write() as unit:
            assert self.rooms.reach.confirm(unit, member, code_in(self.rooms))
        return member

    def begins(self, slug: str) -> str:
        with self.database.write() as unit:
            return self.rooms.safety_plans.begin(unit, HOUSE, slug, lead=self.vesa)

    def days_pass(self, days: int) -> None:
        for _ in range(days):
            self.clock.advance(days=1)
            fire_due(self.database, handlers(self.rooms), limit=500)


def told(night: Shelter) -> list[tuple[str, str]]:
    return [(to, str(body["text"])) for to, body in night.news()]


@pytest.fixture
def night(database: Database, keystore: Keystore, clock: ManualClock) -> Shelter:
    return Shelter(database, keystore, clock)


def test_what_is_overdue_goes_to_the_owner_then_the_lead_then_a_supervisor_and_no_message_says_what(night: Shelter) -> None:
    plan = night.begins("outgoing_shift")
    with night.database.write() as unit:
        for item in night.rooms.checklists.newest["outgoing_shift"].items:
            night.rooms.safety_plans.assign(unit, HOUSE, plan, item.id, owner=night.mira, due_on=unit.now.date(), by=night.vesa)
    heard = []
    for _ in range(6):
        night.days_pass(1)
        heard += told(night)
    assert [to for to, _ in heard] == [MIRA, VESA, "+38344000124"], "eleven items make one message each"
    assert all(re.fullmatch(r"Task \d+ waits\.", words) for _, words in heard)
    with night.database.read() as conn:
        assert [one.kind for one in tasks.waiting(conn, now=night.clock.now())] == [TaskKind.PLAN_OVERDUE], (
            "the house's own stand in no list of the desk"
        )
        assert len(tasks.of_house(conn, night.mira)) == 1


def test_the_neutral_note_reaches_everybody_of_the_house_and_ok_answers_it(night: Shelter) -> None:
    with night.database.write() as unit:
        standing = night.rooms.lockdowns.begin(unit, HOUSE, by=night.vesa)
    assert told(night) == [(MIRA, wording.READ)]
    assert not re.search(r"shelter|house|danger|lock|door|police|plan", wording.READ + wording.OVER, re.IGNORECASE)
    night.texts("Ok.", sender=MIRA)
    assert told(night) == [(MIRA, wording.NOTED)]
    with night.database.read() as conn:
        view = night.rooms.plan_reading.lockdown(conn, HOUSE)
    assert view is not None
    assert all(at for _, at in view.replies)
    with night.database.write() as unit:
        night.rooms.lockdowns.end(unit, HOUSE, standing, by=night.vesa)
    assert told(night) == [(MIRA, wording.OVER)]


@pytest.mark.parametrize("word", ["HOUSE", "house!", "Shtëpia", "KUĆA", "kuca", "Кућа"])
def test_one_word_from_a_registered_phone_rings_for_the_house_and_everybody_is_paged(night: Shelter, word: str) -> None:
    night.texts(word, sender=VESA)
    heard = dict(told(night))
    assert heard.pop(VESA) == wording.RINGS
    assert set(heard) == {MINE, "555", "+38344000102", "+38344000124"}, "Ana on duty, Ela at home, the supervisor"
    assert all(re.match(r"Task \d+ waits", words) for words in heard.values())
    night.texts(word, sender=MIRA)
    with night.database.read() as conn:
        (alert,) = conn.execute(select(AlertRow.__table__)).all()
        everything = [tuple(row) for table in ("alerts", "alert_entries") for row in conn.execute(text(f"SELECT * FROM {table}"))]
    assert (alert.source, alert.urgency, alert.survivor_id) == ("shelter", "emergency", None)
    assert alert.count == 2, "a second ring of the same house counts up"
    assert HOUSE not in repr(everything)
    with night.database.write() as unit:
        assert night.rooms.house_alarm.house_of(unit, alert.id) == HOUSE


@pytest.mark.parametrize("sender", [pytest.param(STRANGER, id="a stranger"), pytest.param(MINE, id="an operator")])
def test_the_same_word_from_any_other_phone_rings_for_nobody(night: Shelter, sender: str) -> None:
    night.texts("HOUSE", sender=sender)
    assert night.taken_by() == []


def test_an_sos_of_her_own_from_a_houses_phone_is_her_own(night: Shelter) -> None:
    night.texts("SOS", sender=VESA)
    with night.database.read() as conn:
        assert conn.execute(select(AlertRow.source)).scalars().all() == ["device"]


def test_two_arrivals_in_one_night_have_lists_of_their_own_and_nobody_has_a_name(night: Shelter) -> None:
    first, second = night.begins("admission"), night.begins("admission")
    with night.database.write() as unit:
        night.rooms.safety_plans.tick(unit, HOUSE, first, "tablets", by=night.vesa)
    with night.database.read() as conn:
        views = [night.rooms.plan_reading.plan(conn, HOUSE, plan, night.clock.now().date()) for plan in (first, second)]
    stand = [{one.item.id: one.state for one in view.items}["tablets"] for view in views if view]
    assert stand == [Item.DONE, Item.TO_DO]


@pytest.mark.parametrize(
    ("slug", "about"),
    [
        ("admission", "phone tablets trackers car cloud school health_card court rules"),
        ("exit", "limit housing re_entry phone records"),
        ("urgent_relocation", "wish place kin way devices arrived"),
        ("missing_resident", "agreed safe_call no_family children choice risk police bed"),
        ("outgoing_shift", "count beds doors keys medicine open_items"),
    ],
)
def test_each_list_of_a_stay_asks_for_what_it_must_in_every_language(night: Shelter, slug: str, about: str) -> None:
    template = night.rooms.checklists.newest[slug]
    for item_id in about.split():
        item = template.item(item_id)
        assert item is not None, item_id
        assert all(item.text.get(code) for code in LANGUAGES)


def test_what_is_over_is_forgotten_and_what_is_in_force_is_not(night: Shelter) -> None:
    from sos.safety_plans.forgetting import forget_old

    arrival, fire = night.begins("admission"), night.begins("fire")
    with night.database.write() as unit:
        night.rooms.safety_plans.end(unit, HOUSE, arrival, by=night.vesa)
        standing = night.rooms.lockdowns.begin(unit, HOUSE, by=night.vesa)
        night.rooms.lockdowns.end(unit, HOUSE, standing, by=night.vesa)
    night.clock.advance(days=400)
    with night.database.write() as unit:
        forget_old(unit)
        left = {table: unit.conn.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in ("lockdowns", "lockdown_replies")}
        plans = unit.conn.execute(text("SELECT id, state FROM safety_plans")).all()
        items = set(unit.conn.execute(text("SELECT plan_id FROM safety_plan_items")).scalars())
    assert left == {"lockdowns": 0, "lockdown_replies": 0}
    assert [tuple(row) for row in plans] == [(fire, Plan.OPEN.value)]
    assert items == {fire}
