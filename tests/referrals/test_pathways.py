"""Pathways: who receives what in a municipality, and whether every seat is filled and can be reached now."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from sos.directory.categories import Categories
from sos.geo.gazetteer import Gazetteer
from sos.referrals.pathways.check import Lack, check, receivers
from sos.referrals.pathways.files import NEEDED, Pathways, Role, WrongPathway, read

SEAT = """
[[role]]
role = "{role}"
office = "An office (demonstration)"
contact = "+383 44 000 101"
days = ["MO", "TU", "WE", "TH", "FR"]
opens = 08:00:00
closes = 16:00:00
receives = ["legal_aid"]
gatekeeper = {gatekeeper}
{night}
verified_on = 2026-11-01
"""
HEAD = """
municipality = "xk-peje"
country = "XK"
dated = 2026-11-22
source = "invented for demonstration"
review = "none"
demonstration = true
coordinator = "A coordinator (demonstration)"
"""
MONDAY_NOON, MONDAY_NIGHT, NEXT_YEAR = datetime(2026, 11, 23, 12), datetime(2026, 11, 23, 23), datetime(2027, 11, 22, 12)


def whole(*, but: Role | None = None, night: str = 'night = "+383 44 000 102"') -> str:
    seats = [
        SEAT.format(role=role.value, gatekeeper=str(role is Role.POLICE_UNIT).lower(), night=night) for role in NEEDED if role is not but
    ]
    return HEAD + "".join(seats)


def findings(tmp_path: Path, text: str, now: datetime) -> set[tuple[str, str]]:
    (tmp_path / "xk-peje.toml").write_text(text)
    return {(one.role.value if one.role else "", one.lack.value) for one in check(read(tmp_path / "xk-peje.toml"), now)}


def test_a_whole_mechanism_in_office_hours_lacks_nothing(tmp_path: Path) -> None:
    assert findings(tmp_path, whole(), MONDAY_NOON) == set()


def test_a_missing_seat_is_named(tmp_path: Path) -> None:
    assert findings(tmp_path, whole(but=Role.HEALTH), MONDAY_NOON) == {("health", "empty")}


def test_a_night_without_a_voice_is_named_for_each_seat(tmp_path: Path) -> None:
    assert findings(tmp_path, whole(), MONDAY_NIGHT) == {(role.value, "closed_now") for role in NEEDED}
    silent = findings(tmp_path, whole(night=""), MONDAY_NIGHT)
    assert silent == {(role.value, "no_night") for role in NEEDED} | {("", "no_gatekeeper")}


def test_a_contact_that_nobody_has_called_for_long_is_named(tmp_path: Path) -> None:
    assert {lack for _, lack in findings(tmp_path, whole(), NEXT_YEAR)} == {Lack.UNPROVED.value}


def test_who_can_be_reached_now_comes_first(tmp_path: Path) -> None:
    always = SEAT.format(role="ngo", gatekeeper="false", night="").replace("opens = 08:00:00\ncloses = 16:00:00\n", "")
    (tmp_path / "xk-peje.toml").write_text(whole(but=Role.NGO) + always.replace('"FR"]', '"FR", "SA", "SU"]'))
    pathway = read(tmp_path / "xk-peje.toml")
    assert receivers(pathway, "legal_aid", MONDAY_NIGHT)[0].role is Role.NGO
    assert receivers(pathway, "shelter", MONDAY_NIGHT) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('role = "health"', 'role = "magician"'), "magician"),
        (('contact = "+383 44 000 101"', ""), "needs a contact"),
        (('"MO"', '"MONDAY"'), "days are"),
        (('country = "XK"', ""), "country is missing"),
        (("dated = 2026-11-22", "dated = 2026-11-22\ncolour = 1"), "unknown colour"),
        (("verified_on", "verified-on"), "unknown verified-on"),
        (("dated = 2026-11-22", "dated = 3"), "dated is a day"),
        (("opens = 08:00:00", "opens = 8"), "are times"),
        (('"legal_aid"', '"palaces"'), "no category palaces"),
        (('role = "health"', 'role = "ngo"'), "stands once"),
        (("dated = ", "dated "), "cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_file_is_named_and_the_others_stay(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "wrong.toml").write_text(whole().replace(*change))
    (tmp_path / "xk-peje.toml").write_text(whole())
    with pytest.raises(WrongPathway, match=said):
        read(tmp_path / "wrong.toml", categories=["legal_aid"])
    loaded = Pathways.load(tmp_path, categories=["legal_aid"])
    assert set(loaded.by_municipality) == {"xk-peje"}
    assert len(loaded.problems) == 1


def test_a_step_to_a_seat_that_nobody_fills_is_named(tmp_path: Path) -> None:
    step = '\n[[step]]\nwhen = "she wants work"\nto = "employment"\nwithin_hours = 24\nconsent = true\n'
    assert findings(tmp_path, whole() + step, MONDAY_NOON) == {("employment", "empty")}


REAL = Path(__file__).resolve().parents[2] / "config"


def test_every_file_here_can_be_read_and_says_of_itself_that_it_is_invented() -> None:
    categories = Categories.load(REAL / "categories.toml").by_slug
    loaded, book = Pathways.load(REAL / "pathways", categories=categories), Gazetteer.load()
    assert loaded.problems == ()
    assert len(loaded.by_municipality) == 6
    assert sorted(one.country for one in loaded.by_municipality.values()) == ["RS", "RS", "XK", "XK", "XK", "XK"]
    assert set(loaded.demonstrations) == set(loaded.unreviewed) == set(loaded.by_municipality)
    for slug, one in loaded.by_municipality.items():
        place = book.place(slug)
        assert place is not None, slug
        assert place.country == one.country
        assert place.municipality_id == slug
        for seat in (seat for seat in one.seats if seat.office):
            assert "(demonstration)" in seat.office
            for contact in filter(None, (seat.contact, seat.night)):
                assert re.fullmatch(r"\+383 44 000 1\d\d|\+381 60 000 1\d\d", contact), (slug, seat.role)


def test_the_demonstration_shows_gaps_of_more_than_one_kind() -> None:
    loaded = Pathways.load(REAL / "pathways")
    found = {lack.lack for one in loaded.by_municipality.values() for lack in check(one, MONDAY_NIGHT)}
    assert found >= {Lack.EMPTY, Lack.CLOSED_NOW, Lack.NO_NIGHT, Lack.UNPROVED, Lack.NO_COORDINATOR}
    assert {one.role for one in check(loaded.by_municipality["xk-prishtine"], MONDAY_NOON)} == set(), "and one that lacks nothing"
