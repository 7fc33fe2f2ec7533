"""A shelter's safety plan: versions, owners, dates, evidence, drills by number, two signatures - and never a resident's name."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.deadlines.actions import fire_due
from sos.keys.keystore import Keystore
from sos.safety_plans.actions import DRILL, OVERDUE, REVIEW, SafetyPlans
from sos.safety_plans.errors import NoSuchPlan, NotDone, SamePerson, UnknownWord, WrongTemplate
from sos.safety_plans.lockdown import Lockdowns
from sos.safety_plans.photos import NoPhoto, without_metadata
from sos.safety_plans.queries import PlanReading, PlanView
from sos.safety_plans.states import Item, Plan
from sos.safety_plans.templates import Templates
from sos.safety_plans.vocabulary import Vocabulary

ANA, MIRA, VERA = "a" * 32, "b" * 32, "c" * 32
HOUSE, OTHER = "1" * 32, "2" * 32
FIRE = """
slug = "fire"
version = {version}
dated = 2026-11-22
source = "a test"
review = "none"
review_months = 6
drill_months = 3
title = {{ en = "Fire" }}
[[item]]
id = "exits"
section = "staff"
text = {{ en = "Both exits are clear", sq = "Dy daljet janë të lira" }}
[[item]]
id = "extinguisher"
section = "staff"
evidence = "text"
days = 3
text = {{ en = "Extinguisher checked" }}
{more}
"""
MORE = """
[[item]]
id = "alarm"
section = "residents"
text = { en = "Everybody knows the sound of the alarm" }
"""


class Told:
    """Who was told: kinds and ids."""

    def __init__(self) -> None:
        self.late: list[tuple[str, str | None]] = []
        self.reviews: list[str] = []
        self.drills: list[str] = []

    def overdue(self, unit: Unit, *, plan_id: str, to: str, member_id: str | None) -> None:
        self.late.append((to, member_id))

    def review(self, unit: Unit, *, plan_id: str, lead: str) -> None:
        self.reviews.append(lead)

    def drill(self, unit: Unit, *, plan_id: str, lead: str) -> None:
        self.drills.append(lead)


class House:
    """One house with one checklist."""

    def __init__(self, database: Database, keystore: Keystore, folder: Path) -> None:
        self.database, self.folder, self.told = database, folder, Told()
        folder.mkdir()
        self.publish(1)
        (folder / "vocabulary.toml").write_text('[words]\nen = "two new moved Drita cellar"\n[names]\nsq = "Drita"\n')
        audit = Audit(keystore.audit_key)
        vocabulary = lambda: Vocabulary.load(folder, self.templates())  # noqa: E731 - two words for a test
        self.plans = SafetyPlans(lambda: keystore.place_key, self.templates, vocabulary, self.told, audit)
        self.reading = PlanReading(lambda: keystore.place_key, self.templates)
        self.lockdowns = Lockdowns(lambda: keystore.place_key, self, audit)
        self.called: list[tuple[str, bool]] = []
        with database.write() as unit:
            self.plan = self.plans.begin(unit, HOUSE, "fire", lead=ANA)

    def staff(self, unit: Unit, service_id: str) -> list[str]:
        return [ANA, MIRA, VERA] if service_id == HOUSE else []

    def tell(self, unit: Unit, member_id: str, *, over: bool) -> None:
        self.called.append((member_id, over))

    def templates(self) -> Templates:
        return Templates.load(self.folder)

    def publish(self, version: int, more: str = "") -> None:
        (self.folder / f"fire.{version}.toml").write_text(FIRE.format(version=version, more=more))

    def view(self) -> PlanView:
        with self.database.read() as conn:
            found = self.reading.plan(conn, HOUSE, self.plan, self.database.clock.now().date())
        assert found is not None
        return found

    def do(self, act: str, *args: object, by: str = ANA, **more: object) -> object:
        with self.database.write() as unit:
            return getattr(self.plans, act)(unit, HOUSE, self.plan, *args, by=by, **more)

    def tick_all(self) -> None:
        self.do("tick", "exits")
        self.do("tick", "extinguisher")
        self.do("write", "extinguisher", "Extinguisher checked, 2 new, 22.11.2026")

    def pass_days(self, clock: ManualClock, days: int) -> None:
        for _ in range(days):
            clock.advance(days=1)
            fire_due(
                self.database,
                {OVERDUE: self.plans.fire_overdue, REVIEW: self.plans.fire_review, DRILL: self.plans.fire_drill},
            )


@pytest.fixture
def house(database: Database, keystore: Keystore, tmp_path: Path) -> House:
    return House(database, keystore, tmp_path / "checklists")


def test_a_plan_is_signed_by_two_persons_when_everything_is_done(house: House) -> None:
    with pytest.raises(NotDone):
        house.do("sign")
    house.do("tick", "exits")
    house.do("tick", "extinguisher")
    with pytest.raises(NotDone):
        house.do("sign")
    house.do("write", "extinguisher", "Extinguisher moved")
    assert house.do("sign") is Plan.SIGNED_ONCE
    with pytest.raises(SamePerson):
        house.do("sign")
    assert house.do("sign", by=MIRA) is Plan.SIGNED
    assert [by for by, _ in house.view().signed] == [ANA, MIRA]


def test_what_is_unticked_ends_the_signatures(house: House) -> None:
    house.tick_all()
    house.do("sign")
    house.do("sign", by=MIRA)
    house.do("untick", "exits")
    assert house.view().line.state is Plan.OPEN
    assert house.view().signed == ()


def test_a_plan_keeps_its_version_and_shows_what_a_newer_one_adds(house: House) -> None:
    house.tick_all()
    house.publish(2, MORE)
    view = house.view()
    assert view.line.template.version == 1
    assert view.newer is not None
    assert view.newer.added == ("alarm",)
    with house.database.write() as unit:
        house.plan = house.plans.take_up_new_items(unit, HOUSE, house.plan, by=ANA)
    renewed = house.view()
    assert {one.item.id: one.state for one in renewed.items} == {"exits": Item.DONE, "extinguisher": Item.DONE, "alarm": Item.TO_DO}
    assert renewed.newer is None


def test_an_overdue_item_is_told_to_its_owner_then_the_lead_then_a_supervisor_once_each(house: House, clock: ManualClock) -> None:
    house.do("tick", "exits")
    house.do("assign", "extinguisher", owner=VERA, due_on=clock.now().date() + timedelta(days=1))
    house.pass_days(clock, 10)
    assert house.told.late == [("owner", VERA), ("lead", ANA), ("supervisor", None)]


def test_what_is_done_in_time_is_told_to_nobody_and_a_new_day_tells_anew(house: House, clock: ManualClock) -> None:
    house.do("tick", "exits")
    house.do("assign", "extinguisher", owner=VERA, due_on=clock.now().date())
    house.pass_days(clock, 1)
    assert house.told.late == [("owner", VERA)]
    house.do("assign", "extinguisher", owner=MIRA, due_on=clock.now().date() + timedelta(days=2))
    house.pass_days(clock, 3)
    assert house.told.late[1:] == [("owner", MIRA)]
    house.do("tick", "extinguisher")
    house.pass_days(clock, 10)
    assert len(house.told.late) == 2


def test_a_signed_plan_comes_up_for_review_and_for_drills(house: House, clock: ManualClock) -> None:
    house.tick_all()
    house.do("sign")
    house.do("sign", by=MIRA)
    house.pass_days(clock, 91)
    assert house.told.drills == [ANA]
    house.do("drill", staff=2, residents=5, children=4, missing=0, minutes=6, note="Both exits")
    house.pass_days(clock, 91)
    assert house.told.drills == [ANA, ANA]
    assert house.told.reviews == [ANA]
    view = house.view()
    assert view.line.state is Plan.REVIEW
    assert view.drills[0].residents == 5


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "ana",
        "Arta Krasniqi",
        "Drita",
        "drita",
        "Милица",
        "милица",
        "Јелена",
        "Gül",
        "Zora",
        "A.n.a",
        "Ana2",
        "αρτα",
        "𝐀𝐧𝐚",
        "Ana’s",
        "ﬁre",
    ],
)
def test_no_residents_name_can_be_written(house: House, name: str) -> None:
    for act in (
        lambda: house.do("write", "extinguisher", f"Extinguisher moved {name}"),
        lambda: house.do("drill", staff=1, residents=1, children=0, missing=0, minutes=1, note=name),
    ):
        with pytest.raises(UnknownWord):
            act()
    assert next(one.note for one in house.view().items if one.item.id == "extinguisher") == ""


def test_another_house_has_no_such_plan(house: House) -> None:
    with house.database.write() as unit:
        for act in (
            lambda: house.plans.tick(unit, OTHER, house.plan, "exits", by=ANA),
            lambda: house.plans.sign(unit, OTHER, house.plan, by=ANA),
            lambda: house.plans.write(unit, OTHER, house.plan, "exits", "moved", by=ANA),
        ):
            with pytest.raises(NoSuchPlan):
                act()
        assert house.reading.plan(unit.conn, OTHER, house.plan, date(2026, 11, 23)) is None
        assert house.reading.plans(unit.conn, OTHER, date(2026, 11, 23)) == []


def test_a_photo_keeps_nothing_but_the_picture(house: House) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "A telling phone", {1: "N", 2: (42.0, 39.0, 21.0)}
    photo = io.BytesIO()
    Image.new("RGB", (3000, 2000), "red").save(photo, "JPEG", exif=exif, comment=b"cellar of the house")
    house.do("show", "exits", photo.getvalue())
    with house.database.read() as conn:
        kept = house.reading.photo(conn, HOUSE, house.plan, "exits")
        assert house.reading.photo(conn, OTHER, house.plan, "exits") is None
    assert kept is not None
    assert b"telling" not in kept
    assert b"cellar" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif()
        assert max(picture.size) == 1600


@pytest.mark.parametrize(
    "wrong", [b"", b"not a photo", b"\xff\xd8\xff\xe0 broken", b"x" * 12_000_001], ids=["empty", "text", "broken", "huge"]
)
def test_what_is_no_photo_is_refused(wrong: bytes) -> None:
    with pytest.raises(NoPhoto):
        without_metadata(wrong)


def test_everybody_of_the_house_is_told_neutrally_and_acknowledges(house: House) -> None:
    with house.database.write() as unit:
        standing = house.lockdowns.begin(unit, HOUSE, by=ANA)
        assert house.called == [(MIRA, False), (VERA, False)]
        assert house.lockdowns.acknowledge(unit, standing, member_id=MIRA)
        assert not house.lockdowns.acknowledge(unit, standing, member_id="d" * 32)
        assert house.lockdowns.begin(unit, HOUSE, by=ANA) == standing
        assert house.called[2:] == [(VERA, False)], "again only to whom has not acknowledged"
        view = house.reading.lockdown(unit.conn, HOUSE)
        assert view is not None
        assert {member for member, at in view.replies if at} == {ANA, MIRA}
        assert house.reading.lockdown(unit.conn, OTHER) is None
        with pytest.raises(NoSuchPlan):
            house.lockdowns.end(unit, OTHER, standing, by=ANA)
        house.lockdowns.end(unit, HOUSE, standing, by=ANA)
        assert house.reading.lockdown(unit.conn, HOUSE) is None


def test_the_rows_tell_neither_the_house_nor_what_was_written(house: House) -> None:
    house.tick_all()
    with house.database.read() as conn:
        for table in ("safety_plans", "safety_plan_items"):
            rows = conn.execute(text(f"SELECT * FROM {table}")).all()
            assert rows
            assert HOUSE not in repr([tuple(row) for row in rows])
            assert "checked" not in repr([tuple(row) for row in rows])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("dated = 2026-11-22", 'dated = "soon"'), "dated"),
        (('id = "exits"', 'id = "extinguisher"'), "id of its own"),
        (('section = "staff"', 'section = "kitchen"'), "item 1"),
        (("days = 3", "days = 0"), "days"),
        (("days = 3", "dayz = 3"), "unknown dayz"),
        (('text = { en = "Extinguisher checked" }', 'text = { sq = "x" }'), "words in en"),
        (("version = 1", "version = "), "fire.1.toml"),
        (('review = "none"', ""), "review"),
    ],
    ids=lambda value: value[1][:20] if isinstance(value, tuple) else value,
)
def test_a_wrong_file_is_named_with_its_fault(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "fire.1.toml").write_text(FIRE.format(version=1, more="").replace(*change))
    with pytest.raises(WrongTemplate, match=said):
        Templates.load(tmp_path)
