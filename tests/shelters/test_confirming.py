"""Questions to shelter staff: when they are asked, what their answers change, and that what is not clear changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.deadlines.actions import fire_due
from sos.directory.matching.freshness import Freshness
from sos.keys.keystore import Keystore
from sos.shelters import wording
from sos.shelters.asks.states import LANGUAGES, Need
from sos.shelters.confirming.actions import KIND, MOST, Came, Confirming
from sos.shelters.confirming.answers import Counted
from sos.shelters.confirming.errors import BadSettings, NoSuchQuestion
from sos.shelters.confirming.queries import everywhere, own_fresh_hours
from sos.shelters.confirming.settings import Gatekeeper, ShelterSettings, opened, sealed
from sos.shelters.queries import Cards
from sos.shelters.units.actions import Units
from sos.shelters.units.states import UnitKind
from sos.texts.segments import fits
from tests.shelters.units_house import ANA, House, a_house_with_units

ZONE = ZoneInfo("Europe/Belgrade")
F, S = UnitKind.FAMILY_ROOM, UnitKind.SINGLE
NO_QUIET = {"quiet_from": 0, "quiet_to": 0}


@dataclass
class Heard:
    """What the staff were asked: (code, what stood)."""

    asked: list[tuple[str, dict[UnitKind, int]]] = field(default_factory=list)

    def question(self, unit: Unit, service_id: str, code: str, empty: Mapping[UnitKind, int]) -> int:
        self.asked.append((code, dict(empty)))
        return 1


class Corridor:
    """One house whose staff can be asked."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.database, self.keystore, self.clock, self.heard = database, keystore, clock, Heard()
        self.house: House = a_house_with_units(database, keystore)
        audit = Audit(keystore.audit_key)
        self.units = Units(
            lambda: keystore.place_key,
            lambda: self.house.vault,
            audit,
            today=lambda unit: unit.now.date(),
            fresh_hours=lambda conn, service_id: own_fresh_hours(conn, keystore.place_key, service_id),
        )
        self.confirming = Confirming(lambda: keystore.place_key, self.units, self.heard, audit, zone=lambda: ZONE)

    def choose(self, **settings: object) -> None:
        with self.database.write() as unit:
            self.confirming.choose(unit, self.house.service_id, ShelterSettings(**settings), by=ANA)  # type: ignore[arg-type]

    def confirm(self, counts: Mapping[UnitKind, int] | None = None) -> None:
        with self.database.write() as unit:
            self.confirming.confirm(unit, self.house.service_id, counts or {}, by=ANA, via="page")

    def answer(self, code: str, said: Counted | None) -> Came:
        with self.database.write() as unit:
            return self.confirming.answer(unit, self.house.service_id, code, said, by=ANA, via="sms").came

    def passes(self, hours: float) -> None:
        for _ in range(max(1, int(hours * 2))):
            self.clock.advance(seconds=hours * 3600 / max(1, int(hours * 2)))
            fire_due(self.database, {KIND: self.confirming.fire})

    def capacities(self) -> list[tuple[str, int, datetime, float | None]]:
        with self.database.read() as conn:
            (card,) = Cards(self.keystore.place_key).all(conn)
        return [(one.kind, one.available, one.at, one.fresh_hours) for one in card.service.capacities]


@pytest.fixture
def corridor(database: Database, keystore: Keystore, clock: ManualClock) -> Corridor:
    return Corridor(database, keystore, clock)


def test_the_staff_are_asked_when_their_word_is_a_half_life_old_and_not_before(corridor: Corridor) -> None:
    corridor.choose(fresh_hours=6, **NO_QUIET)
    corridor.confirm()
    corridor.passes(5.5)
    assert not corridor.heard.asked
    corridor.passes(1)
    assert [empty for _, empty in corridor.heard.asked] == [{F: 2, S: 1}]


def test_a_word_in_time_puts_the_question_off(corridor: Corridor) -> None:
    corridor.choose(fresh_hours=6, **NO_QUIET)
    corridor.confirm()
    corridor.passes(5)
    corridor.confirm({F: 1})
    corridor.passes(5)
    assert not corridor.heard.asked


def test_nobody_is_asked_in_the_quiet_hours(corridor: Corridor) -> None:
    corridor.choose(fresh_hours=10, quiet_from=22, quiet_to=7)
    corridor.confirm()
    corridor.passes(17)
    assert not corridor.heard.asked, "13:00 and 10 hours is 23:00: they sleep until 07:00"
    corridor.passes(1.5)
    assert len(corridor.heard.asked) == 1


def test_a_question_that_comes_late_is_not_asked_in_the_quiet_hours_either(corridor: Corridor, clock: ManualClock) -> None:
    """The worker was down when it was due."""
    corridor.choose(fresh_hours=4)
    corridor.confirm()
    clock.advance(seconds=10.5 * 3600)
    assert fire_due(corridor.database, {KIND: corridor.confirming.fire}) == 1
    assert not corridor.heard.asked
    corridor.passes(8)
    assert len(corridor.heard.asked) == 1


def test_a_staff_that_never_answers_is_left_alone_after_four_questions(corridor: Corridor) -> None:
    corridor.choose(fresh_hours=2, **NO_QUIET)
    corridor.confirm()
    corridor.passes(24)
    assert len(corridor.heard.asked) == MOST
    corridor.confirm()
    corridor.passes(3)
    assert len(corridor.heard.asked) == MOST + 1, "whoever speaks is asked again"


def test_an_answer_confirms_and_says_what_stands(corridor: Corridor) -> None:
    corridor.choose(fresh_hours=2, **NO_QUIET)
    corridor.passes(3)
    code = corridor.heard.asked[-1][0]
    assert corridor.answer(code, Counted(kinds={F: 1})) is Came.CONFIRMED
    assert [(kind, free) for kind, free, _, _ in corridor.capacities()] == [("family_room", 1), ("single", 1)]


@pytest.mark.parametrize("said", [None, Counted(total=2), Counted(kinds={F: 9}), Counted(kinds={UnitKind.CRISIS: 1})])
def test_what_is_not_clear_or_cannot_be_changes_nothing_and_is_asked_again_once(corridor: Corridor, said: Counted | None) -> None:
    corridor.confirm()
    before = corridor.capacities()
    with corridor.database.write() as unit:
        corridor.confirming.ask(unit, corridor.house.service_id)
    code = corridor.heard.asked[-1][0]
    assert [corridor.answer(code, said) for _ in range(3)] == [Came.UNCLEAR, Came.UNCLEAR_AGAIN, Came.UNCLEAR_AGAIN]
    assert corridor.capacities() == before
    assert corridor.answer(code, Counted(same=True)) is Came.CONFIRMED


def test_an_answered_question_is_over_and_a_late_answer_gets_a_new_one(corridor: Corridor) -> None:
    with corridor.database.write() as unit:
        corridor.confirming.ask(unit, corridor.house.service_id)
    code = corridor.heard.asked[-1][0]
    corridor.confirm()
    before = corridor.capacities()
    assert corridor.answer(code, Counted(kinds={F: 0})) is Came.ASKED_ANEW
    assert corridor.capacities() == before
    assert corridor.answer(corridor.heard.asked[-1][0], Counted(kinds={F: 0})) is Came.CONFIRMED
    corridor.passes(25)
    asked_since = {asked[0] for asked in corridor.heard.asked[1:]}  # codes are of chance and may come again
    for wrong in {code, *(f"{n}" for n in range(990, 1000))} - asked_since:
        with pytest.raises(NoSuchQuestion):
            corridor.answer(wrong, Counted(same=True))


def test_a_new_half_life_is_known_to_matching_at_once_with_the_old_time(corridor: Corridor, clock: ManualClock) -> None:
    corridor.confirm()
    said = clock.now()
    clock.advance(seconds=3600)
    corridor.choose(fresh_hours=48)
    assert {(at, hours) for _, _, at, hours in corridor.capacities()} == {(said, 48.0)}


def test_the_list_of_freshness_begins_with_the_oldest_word(corridor: Corridor, clock: ManualClock) -> None:
    corridor.choose(fresh_hours=6)
    for hours, state in ((1, Freshness.FRESH), (6, Freshness.AGEING), (20, Freshness.STALE)):
        if hours == 1:
            corridor.confirm()
        clock.advance(seconds=hours * 3600)
        with corridor.database.read() as conn:
            (found,) = everywhere(conn, corridor.keystore.place_key, clock.now())
        assert found.state is state
        assert found.service_id == corridor.house.service_id


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), st.integers(0, 23), st.integers(0, 23))
def test_the_end_of_the_quiet_hours_is_never_quiet_and_never_far(at: datetime, start: int, end: int) -> None:
    chosen = ShelterSettings(quiet_from=start, quiet_to=end)
    loud = chosen.loud(at, ZONE)
    assert at <= loud <= at + timedelta(hours=25)
    assert chosen.loud(loud, ZONE) == loud


@pytest.mark.parametrize("wrong", [{"fresh_hours": 0.5}, {"fresh_hours": 400}, {"quiet_from": 24}, {"gatekeeper": Gatekeeper("x" * 200)}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadSettings):
        ShelterSettings(**wrong)  # type: ignore[arg-type]


def test_settings_come_back_as_they_were_sealed() -> None:
    chosen = ShelterSettings(7.5, 23, 6, Gatekeeper("Centre", "by day", "by night"))
    assert opened(bytes(32), "r" * 32, sealed(bytes(32), "r" * 32, "s", chosen)) == ("s", chosen)


@given(
    kind=st.sampled_from(UnitKind),
    beds=st.integers(1, 20),
    step_free=st.booleans(),
    boy=st.booleans(),
    interpreter=st.none() | st.sampled_from(sorted(LANGUAGES)),
)
def test_an_ask_is_one_sms_and_says_nothing_but_the_need(
    kind: UnitKind, beds: int, step_free: bool, boy: bool, interpreter: str | None
) -> None:
    need = Need(kind, beds, step_free, boy, interpreter)
    text = wording.ask("481", need)
    assert fits(text, 1)
    said = set(text.removeprefix("Room? ").partition(". Reply")[0].split(", "))
    allowed = {wording.KINDS[kind], "1 bed" if beds == 1 else f"{beds} beds"} | {"no steps"} | {"boy over 12"}
    assert said <= allowed | {f"{name} interpreter" for name in wording.LANGUAGES.values()}
    assert ("no steps" in said, "boy over 12" in said, any("interpreter" in one for one in said)) == (
        step_free,
        boy,
        interpreter is not None,
    )


@given(st.dictionaries(st.sampled_from(UnitKind), st.integers(0, 99)))
def test_every_text_to_the_staff_is_one_sms(empty: dict[UnitKind, int]) -> None:
    at = datetime(2026, 11, 23, 3, 12, tzinfo=UTC)
    texts = [wording.question("481", empty), wording.again("481", empty), wording.confirmed(at, empty, 12), wording.not_needed("481")]
    texts += [wording.yes_noted(held=held, subject=subject) for held in (True, False) for subject in (True, False)]
    texts += [wording.NOT_YOURS, wording.TOO_LATE, wording.ASKED_ANEW, wording.STILL_UNCLEAR, wording.ask_again("481")]
    assert all(fits(text, 1) for text in texts), [text for text in texts if not fits(text, 1)]
