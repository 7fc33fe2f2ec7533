"""What makes a service suitable: a sentence a row (DOMAIN 22, 23)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sos.directory.entries import CoverageEntry, HoursEntry
from sos.directory.matching.filters import EXCLUDING, SUITING
from sos.directory.matching.ranking import match
from sos.directory.states import Cost, OnHolidays, Papers, ServiceStatus, Whom
from tests.directory.builders import a_moment, a_place, a_service, a_snapshot, a_wish, beds, on

WEEK = ("MO", "TU", "WE", "TH", "FR")
OFFICE = (HoursEntry(WEEK, 480, 960),)
NIGHT = (HoursEntry(opens=20 * 60, closes=6 * 60),)
SHELTER = {"category": "shelter", "capacities": beds(5), "boys_maximum_age": 12}

ROWS: list[tuple[str, dict[str, Any], dict[str, Any], str | None]] = [
    ("a service that covers her country is suitable", {}, {}, None),
    ("a service of another municipality is not", {"coverage": (CoverageEntry("xk-prizren"),)}, {}, "coverage"),
    ("a service of her municipality is", {"coverage": (CoverageEntry("xk-peje"),)}, {}, None),
    ("a service that names no area works for everybody", {"coverage": ()}, {}, None),
    ("coverage that ended yesterday is over", {"coverage": (CoverageEntry("xk-peje", None, date(2026, 11, 22)),)}, {}, "coverage"),
    ("coverage that ends today still holds", {"coverage": (CoverageEntry("xk-peje", None, date(2026, 11, 23)),)}, {}, None),
    ("coverage that begins tomorrow does not hold yet", {"coverage": (CoverageEntry("xk-peje", date(2026, 11, 24)),)}, {}, "coverage"),
    ("one of two periods is enough", {"coverage": (CoverageEntry("xk-peje", None, date(2020, 1, 1)), CoverageEntry("XK"))}, {}, None),
    ("whom it must accept must be said", {"accepts": frozenset()}, {"accepts": frozenset({Whom.WOMEN})}, "accepts"),
    ("a service for women takes women", {"accepts": frozenset({Whom.WOMEN})}, {"accepts": frozenset({Whom.WOMEN})}, None),
    ("a service for women does not take men", {"accepts": frozenset({Whom.WOMEN})}, {"accepts": frozenset({Whom.MEN})}, "accepts"),
    ("a service for everyone takes men", {"accepts": frozenset({Whom.EVERYONE})}, {"accepts": frozenset({Whom.MEN})}, None),
    (
        "everyone does not mean perpetrators",
        {"accepts": frozenset({Whom.EVERYONE})},
        {"accepts": frozenset({Whom.PERPETRATORS})},
        "accepts",
    ),
    ("both wanted groups must be taken", {"accepts": frozenset({Whom.WOMEN})}, {"accepts": frozenset({Whom.WOMEN, Whom.PETS})}, "accepts"),
    ("a lawyer is no matter of children", {"accepts": frozenset({Whom.WOMEN})}, {"children": 3}, None),
    ("a place to stay must take children", {**SHELTER, "accepts": frozenset({Whom.WOMEN})}, {"children": 1}, "children"),
    ("a place that takes girls and boys takes children", {**SHELTER, "accepts": frozenset({Whom.GIRLS, Whom.BOYS})}, {"children": 1}, None),
    ("a boy of the oldest age may come", SHELTER, {"boy_age": 12}, None),
    ("a boy a year older may not", SHELTER, {"boy_age": 13}, "boys_age"),
    ("a place to stay that says nothing of boys is not promised", {**SHELTER, "boys_maximum_age": None}, {"boy_age": 5}, "boys_age"),
    ("a lawyer who says nothing of boys is", {}, {"boy_age": 15}, None),
    ("steps in the way", {"step_free": False, "places": (a_place(),)}, {"step_free": True}, "step_free"),
    ("not known to be without steps", {"step_free": None}, {"step_free": True}, "step_free"),
    ("the place knows better than the service", {"step_free": False, "places": (a_place(step_free=True),)}, {"step_free": True}, None),
    ("papers are asked for", {"papers": Papers.SOME, "papers_asked": ("identity card",)}, {"no_papers": True}, "papers"),
    ("silence about papers is no promise", {"papers": Papers.UNSTATED}, {"no_papers": True}, "papers"),
    ("an empty list of papers is", {"papers": Papers.NONE_LISTED}, {"no_papers": True}, None),
    ("her language is spoken", {}, {"language": "sq"}, None),
    ("her language is not spoken", {}, {"language": "tr"}, "language"),
    ("it costs something", {"cost": Cost.PAID}, {"free": True}, "cost"),
    ("silence about the price is no promise", {"cost": Cost.UNSTATED}, {"free": True}, "cost"),
    ("no free bed", {**SHELTER, "capacities": beds(0)}, {}, "capacity"),
    ("a bed for her and one for each child", {**SHELTER, "capacities": beds(3)}, {"children": 2}, None),
    ("one bed too few", {**SHELTER, "capacities": beds(2)}, {"children": 2}, "capacity"),
    ("a family room is room enough", {**SHELTER, "capacities": beds(1, kind="family_room")}, {"children": 4}, None),
    ("a confirmed bed stays offered for four times its hours", {**SHELTER, "capacities": beds(5, hours_ago=47)}, {}, None),
    ("older than that it is not offered by itself", {**SHELTER, "capacities": beds(5, hours_ago=49)}, {}, "fresh"),
    ("open now", {"hours": OFFICE}, {"open_now": True}, None),
    ("no hours known is not open", {"hours": ()}, {"open_now": True}, "open"),
]


@pytest.mark.parametrize(("sentence", "service", "wish", "missing"), ROWS, ids=[row[0] for row in ROWS])
def test_suitable_is(sentence: str, service: dict[str, Any], wish: dict[str, Any], missing: str | None) -> None:
    entry = a_service(**service)
    found = match(a_snapshot(entry), a_wish(str(entry.category), **wish), a_moment())
    if missing is None:
        assert [one.id for one in found.matches] == [entry.id], found.missing
        assert found.missing == ()
    else:
        assert found.matches == ()
        assert found.missing == (missing,)
        assert [one.id for one in found.next_best] == [entry.id]
        assert found.next_best[0].reasons[0].code == f"missing.{missing}"


def test_every_filter_has_its_row() -> None:
    told = {row[3] for row in ROWS}
    assert SUITING
    assert {one.code for one in SUITING} <= told


TIMES = [
    ("at noon on a Monday", OFFICE, on(2026, 11, 23, 12), True),
    ("on the minute it opens", OFFICE, on(2026, 11, 23, 8), True),
    ("on the minute it closes it is closed", OFFICE, on(2026, 11, 23, 16), False),
    ("on Saturday", OFFICE, on(2026, 11, 21, 12), False),
    ("late in the evening of a night service", NIGHT, on(2026, 11, 23, 23), True),
    ("after midnight it is still last night", NIGHT, on(2026, 11, 24, 5, 59), True),
    ("in the morning it is over", NIGHT, on(2026, 11, 24, 6), False),
    ("Friday's night runs into Saturday", (HoursEntry(("FR",), 1200, 360),), on(2026, 11, 28, 3), True),
    ("Saturday's own night has not begun", (HoursEntry(("FR",), 1200, 360),), on(2026, 11, 29, 3), False),
    ("on a holiday of Kosovo an office is closed", OFFICE, on(2026, 2, 17, 12), False),
    ("in a period that has not begun", (HoursEntry(WEEK, 480, 960, None, date(2026, 12, 1)),), on(2026, 11, 23, 12), False),
    ("in its last day", (HoursEntry(WEEK, 480, 960, None, None, date(2026, 11, 23)),), on(2026, 11, 23, 12), True),
    (
        "closed for the summer",
        (*OFFICE, HoursEntry(WEEK, None, None, None, date(2026, 11, 1), date(2026, 11, 30))),
        on(2026, 11, 23, 12),
        False,
    ),
    ("the hour that comes twice in October", NIGHT, on(2026, 10, 25, 2, 30), True),
    ("day and night", (HoursEntry(opens=0, closes=1440),), on(2026, 11, 24, 3), True),
    ("day and night, on a holiday too", (HoursEntry(opens=0, closes=1440),), on(2026, 2, 17, 3), True),
]


@pytest.mark.parametrize(("sentence", "hours", "moment", "is_open"), TIMES, ids=[row[0] for row in TIMES])
def test_open_is(sentence: str, hours: tuple[HoursEntry, ...], moment: Any, is_open: bool) -> None:
    entry = a_service(hours=hours)
    found = match(a_snapshot(entry), a_wish(open_now=True), a_moment(moment))
    assert bool(found.matches) is is_open
    codes = [reason.code for one in (*found.matches, *found.next_best) for reason in one.reasons]
    assert any(code in ("open.now", "open.always") for code in codes) is is_open


def test_a_service_that_works_on_holidays_says_so() -> None:
    entry = a_service(hours=OFFICE, on_holidays=OnHolidays.AS_USUAL)
    assert match(a_snapshot(entry), a_wish(open_now=True), a_moment(on(2026, 2, 17, 12))).matches


def test_a_serbian_holiday_does_not_close_kosovo() -> None:
    moment = a_moment(on(2026, 11, 11, 12))  # Armistice Day in Serbia
    here, there = a_service(1, hours=OFFICE), a_service(2, hours=OFFICE, places=(a_place(2, municipality="rs-vranje"),), coverage=())
    assert [one.id for one in match(a_snapshot(here, there), a_wish(open_now=True), moment).matches] == [here.id]


@pytest.mark.parametrize("status", [one for one in ServiceStatus if one is not ServiceStatus.ACTIVE])
def test_only_an_active_service_is_offered(status: ServiceStatus) -> None:
    found = match(a_snapshot(a_service(status=status)), a_wish(), a_moment())
    assert (found.matches, found.next_best, found.missing) == ((), (), ("category",))


def test_mediation_is_never_matched() -> None:
    wish = replace(a_wish(), category=replace(a_wish().category, slug="mediation", offered=False))
    found = match(a_snapshot(a_service(category="mediation")), wish, a_moment())
    assert (found.matches, found.next_best) == ((), ())


AWAY = [
    ("a municipality", {"avoid": frozenset({"xk-peje"})}),
    ("a service", {"avoid_services": frozenset({a_service(1).id})}),
    ("an organisation", {"avoid_organisations": frozenset({a_service(1).organisation.id})}),
    ("a name in the service's name", {"avoid_names": frozenset({"pejes"})}),
]


@pytest.mark.parametrize(("what", "wish"), AWAY, ids=[row[0] for row in AWAY])
def test_what_she_stays_away_from_is_in_no_answer_not_even_as_next_best(what: str, wish: dict[str, Any]) -> None:
    near, far = a_service(1, name="Desk of Pejës"), a_service(2, places=(a_place(2, lat=42.2, lon=20.7, municipality="xk-prizren"),))
    found = match(a_snapshot(near, far), a_wish(**wish), a_moment())
    assert [one.id for one in found.matches] == [far.id]
    found = match(a_snapshot(near, far), a_wish(language="tr", **wish), a_moment())
    assert [one.id for one in found.next_best] == [far.id]
    assert len(EXCLUDING) == 2


def test_a_short_name_does_not_take_out_words_that_begin_with_it() -> None:
    entry = a_service(name="Specialised help, nisma e re")
    assert match(a_snapshot(entry), a_wish(avoid_names=frozenset({"pec", "nis"})), a_moment()).matches
    inflected = a_service(name="Pomoć u Peći")
    assert not match(a_snapshot(inflected), a_wish(avoid_names=frozenset({"pec"})), a_moment()).matches


def test_another_place_of_the_same_service_may_be_offered() -> None:
    entry = a_service(places=(a_place(1), a_place(2, lat=42.2, lon=20.7, municipality="xk-prizren")))
    found = match(a_snapshot(entry), a_wish(avoid=frozenset({"xk-peje"})), a_moment())
    assert [one.area for one in found.matches] == ["xk-prizren"]


def test_a_service_without_a_point_is_listed_without_a_distance_after_those_with_one() -> None:
    by_phone, near = a_service(1, places=()), a_service(2)
    found = match(a_snapshot(by_phone, near), a_wish(), a_moment())
    assert [(one.id, one.distance_km is None) for one in found.matches] == [(near.id, False), (by_phone.id, True)]


def test_capacity_that_ages_says_call_to_confirm() -> None:
    fresh, ageing = a_service(1, **(SHELTER | {"capacities": beds(5)})), a_service(2, **(SHELTER | {"capacities": beds(5, hours_ago=13)}))
    codes = [{reason.code for reason in one.reasons} for one in match(a_snapshot(fresh, ageing), a_wish("shelter"), a_moment()).matches]
    assert ["capacity.call_to_confirm" in one for one in codes] == [False, True]


def test_every_match_says_why_and_only_in_known_codes() -> None:
    from sos.directory.matching.reasons import ENGLISH

    found = match(a_snapshot(*(a_service(n, gatekeeper=a_service().gatekeeper) for n in range(5))), a_wish(language="sq"), a_moment())
    assert len(found.matches) == 5
    assert all(one.reasons and all(reason.code in ENGLISH for reason in one.reasons) for one in found.matches)
