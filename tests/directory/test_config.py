"""Numbers and categories: only sourced ones are shown, and a broken file never silences the others."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sos.directory.categories import Categories
from sos.directory.errors import BrokenConfig, UnknownCategory
from sos.directory.jurisdictions import Jurisdictions, Mark, Recorded
from sos.directory.matching.answer import DEFAULT, PURPOSES, numbers_for
from tests.directory.builders import CATEGORIES, CONFIG, JURISDICTIONS, a_moment, a_wish

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STALE = {"92", "038/504 604 6666", "0800 100 007", "0800 300 339", "011 785 0000", "237-300"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONFIG / "jurisdictions", tmp_path / "jurisdictions")
    return tmp_path / "jurisdictions"


def everything(found: Jurisdictions, country: str | None = None, **how: object) -> list[str]:
    purposes = {purpose for one in found.by_country.values() for number in one.numbers for purpose in number.purposes}
    return [number.number for number in found.numbers(country, at=NOW, purposes=sorted(purposes), **how)]  # type: ignore[arg-type]


def test_the_shipped_files_are_whole() -> None:
    assert JURISDICTIONS.problems == ()
    assert CATEGORIES.problems == ()
    assert set(JURISDICTIONS.by_country) == {"XK", "RS"}


def test_every_number_has_its_source_and_date_and_what_must_be_said_with_it() -> None:
    numbers = [number for one in JURISDICTIONS.by_country.values() for number in one.numbers]
    assert len(numbers) > 10
    assert all(number.source and number.what and number.for_whom and number.hours and number.purposes for number in numbers)
    assert all(number.source_date <= number.last_verified for number in numbers)


def test_neither_a_weak_nor_a_stale_number_is_ever_shown() -> None:
    shown = everything(JURISDICTIONS)
    assert len(shown) > 8
    assert not set(shown) & STALE
    weak = [number.number for one in JURISDICTIONS.by_country.values() for number in one.numbers if number.mark is Mark.WEAK]
    assert weak
    assert not set(weak) & set(shown)


def test_112_belongs_to_kosovo_alone() -> None:
    assert "112" in everything(JURISDICTIONS, "XK")
    assert "112" not in everything(JURISDICTIONS, "RS")


def test_unsure_means_both() -> None:
    for country in (None, "", "AT"):
        assert {number.country for number in JURISDICTIONS.numbers(country, at=NOW)} == {"XK", "RS"}


def test_without_authorities_no_line_of_police_prosecutor_or_ministry_is_shown() -> None:
    shown = everything(JURISDICTIONS, without_authorities=True)
    assert shown
    assert not {"192", "112", "0800 11112", "0800 100 600"} & set(shown)


def test_a_line_that_records_is_known_to_record() -> None:
    recorded = [number.number for number in JURISDICTIONS.numbers("RS", at=NOW) if number.recorded is Recorded.YES]
    assert recorded == ["0800 222 003"]


def test_an_old_moment_still_gets_its_numbers() -> None:
    assert JURISDICTIONS.numbers("XK", at=NOW - timedelta(days=3000))


@pytest.mark.parametrize("slug", [one.slug for one in CATEGORIES.offered()])
def test_every_category_gets_numbers_in_every_jurisdiction(slug: str) -> None:
    for country in ("XK", "RS", None):
        assert numbers_for(a_wish(slug, country=country), a_moment(), JURISDICTIONS, without_authorities=False)
    assert all(PURPOSES.get(slug, DEFAULT))


def test_he_gets_no_number_that_shows_that_she_exists() -> None:
    shown = numbers_for(a_wish("perpetrator_programme", country=None), a_moment(), JURISDICTIONS, without_authorities=False)
    assert {number.slug for number in shown} <= {"emergency", "police", "ambulance"}


BROKEN = [
    ("not TOML", "country = ", "rs.toml"),
    ("no country", "compiled = 2026-01-01\n", "country"),
    ("no number", 'country = "RS"\n', "no number"),
    ("not text", b"\xff\xfe\x00", "rs.toml"),
]


@pytest.mark.parametrize(("what", "content", "told"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_file_leaves_the_others_and_its_last_good_reading(folder: Path, what: str, content: str | bytes, told: str) -> None:
    good = Jurisdictions.load(folder)
    (folder / "rs.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    alone, kept = Jurisdictions.load(folder), Jurisdictions.load(folder, last_good=good)
    assert set(alone.by_country) == {"XK"}
    assert alone.numbers("RS", at=NOW)  # rather the neighbour's numbers than none
    assert "rs.toml" in alone.problems[0]
    assert told in alone.problems[0]
    assert everything(kept, "RS") == everything(good, "RS")
    assert kept.problems


def test_one_bad_number_is_left_out_alone(folder: Path) -> None:
    text = (folder / "xk.toml").read_text(encoding="utf-8").replace('mark = "VERIFIED"', 'mark = "SURE"', 1)
    (folder / "xk.toml").write_text(text, encoding="utf-8")
    found = Jurisdictions.load(folder)
    assert "112" not in everything(found, "XK")
    assert "192" in everything(found, "XK")
    assert len(found.problems) == 1


def test_an_empty_folder_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    found = Jurisdictions.load(tmp_path)
    assert found.problems
    assert found.numbers(None, at=NOW) == ()
    assert found.zone("XK").key == "Europe/Belgrade"


def test_the_eleven_categories_are_there_and_mediation_is_not_offered() -> None:
    slugs = [one.slug for one in CATEGORIES.offered()]
    assert slugs == [
        "shelter", "legal_aid", "health", "psychological", "documents", "livelihood", "social_work", "police", "child", "trafficking",
        "perpetrator_programme",
    ]  # fmt: skip
    with pytest.raises(UnknownCategory):
        CATEGORIES.asked("mediation")


CATEGORY_FAULTS = [
    'label = ""',
    "label = 3",
    'label = "A"\noffered = "yes"',
    'label = "A"\nfresh_hours = 0',
    'label = "A"\nwords = "x"',
    'label = "A"\nnew = 1',
]


@pytest.mark.parametrize("table", CATEGORY_FAULTS)
def test_a_broken_category_is_left_out_and_reported(tmp_path: Path, table: str) -> None:
    file = tmp_path / "categories.toml"
    file.write_text(f'[good]\nlabel = "Good"\n[bad]\n{table}\n', encoding="utf-8")
    found = Categories.load(file)
    assert list(found.by_slug) == ["good"]
    assert len(found.problems) == 1


def test_a_file_of_categories_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenConfig):
        Categories.load(tmp_path / "nowhere.toml")


def test_a_new_category_is_one_table(tmp_path: Path) -> None:
    file = tmp_path / "categories.toml"
    file.write_text((CONFIG / "categories.toml").read_text(encoding="utf-8") + '\n[transport]\nlabel = "A ride"\n', encoding="utf-8")
    assert Categories.load(file).asked("transport").label == "A ride"
