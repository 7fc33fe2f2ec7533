"""Our CSV: what real lists contain, and that it goes out and comes in unchanged."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sos.db.database import Database
from sos.directory.entries import ServiceEntry
from sos.directory.errors import NotReadable
from sos.directory.exchange import csv_out
from sos.directory.exchange.reading import guarded, unguarded
from sos.directory.exchange.rows import Done
from sos.directory.states import Located, OnHolidays, Papers
from sos.keys.keystore import Keystore
from sos.shelters.queries import Cards
from tests.directory.conftest import Importing

Held = Callable[[], list[ServiceEntry]]


def sheet(*rows: dict[str, Any], separator: str = ",", columns: list[str] | None = None) -> str:
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def a_row(**more: Any) -> dict[str, Any]:
    return {"service_id": "one", "organisation": "Desk", "name": "Advice", "category": "legal_aid", "city": "Peja"} | more


def test_the_template_reads_back(bring_in: Importing, held: Held) -> None:
    report = bring_in(csv_out.template())
    assert [row.done for row in report.rows] == [Done.ADDED]
    assert held()[0].places[0].municipality == "xk-peje"


def test_the_same_file_twice_changes_nothing(bring_in: Importing, database: Database) -> None:
    from sos.directory.queries import version

    text = sheet(a_row(capacity="bed 3/8"), a_row(service_id="two"))
    bring_in(text)
    with database.read() as conn:
        before = version(conn, "public")
    assert [row.done for row in bring_in(text).rows] == [Done.UNCHANGED, Done.UNCHANGED]
    with database.read() as conn:
        assert version(conn, "public") == before


def test_without_ids_the_same_record_is_known_again(bring_in: Importing) -> None:
    text = sheet(a_row(service_id=""), a_row(service_id="", city="Prizren"))
    assert [row.done for row in bring_in(text).rows] == [Done.ADDED, Done.ADDED]
    assert [row.done for row in bring_in(text).rows] == [Done.UNCHANGED, Done.UNCHANGED]


def test_one_bad_row_holds_back_all_of_them(bring_in: Importing, held: Held) -> None:
    report = bring_in(sheet(a_row(), a_row(service_id="two", category="nonsense")))
    assert [row.done for row in report.rows] == [Done.HELD_BACK, Done.ERROR]
    assert "category" in report.rows[1].error
    assert held() == []


def test_with_skip_bad_the_good_ones_come_in(bring_in: Importing, held: Held) -> None:
    report = bring_in(sheet(a_row(), a_row(service_id="two", category="nonsense")), skip_bad=True)
    assert [row.done for row in report.rows] == [Done.ADDED, Done.ERROR]
    assert len(held()) == 1


def test_a_dry_run_reports_and_writes_nothing(bring_in: Importing, held: Held) -> None:
    report = bring_in(sheet(a_row()), dry_run=True)
    assert [row.done for row in report.rows] == [Done.ADDED]
    assert held() == []


BAD = [
    ("no name", {"name": ""}, "name"),
    ("no organisation", {"organisation": " "}, "organisation"),
    ("no category", {"category": ""}, "category"),
    ("a time that is none", {"hours": "Mo-Fr 25:00-26:00"}, "hours"),
    ("a weekday that is none", {"hours": "Xy 08:00-16:00"}, "hours"),
    ("half a point", {"latitude": "42.6"}, "latitude"),
    ("a latitude beyond the pole", {"latitude": "142", "longitude": "20"}, "latitude"),
    ("a coordinate that is no number", {"latitude": "north", "longitude": "20"}, "latitude"),
    ("a date that is none", {"verified_on": "yesterday"}, "verified_on"),
    ("a status that is none", {"status": "perhaps"}, "status"),
    ("an age below nothing", {"boys_maximum_age": "-3"}, "boys_maximum_age"),
    ("neither yes nor no", {"step_free": "maybe"}, "step_free"),
    ("a language that nobody knows", {"languages": "klingon"}, "languages"),
    ("a group that nobody knows", {"accepts": "martians"}, "accepts"),
    ("an area that nobody knows", {"coverage": "Atlantis"}, "coverage"),
    ("a period that ends before it begins", {"coverage": "XK", "coverage_from": "2026-02-01", "coverage_to": "2026-01-01"}, "coverage_to"),
    ("capacity without a count", {"capacity": "bed"}, "capacity"),
    ("a name as long as a letter", {"name": "x" * 300}, "name"),
    ("confidential without a front gate", {"confidential": "yes"}, "front_gate"),
    ("extra that is no JSON", {"extra": "{"}, "extra"),
]


@pytest.mark.parametrize(("what", "cells", "field"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_cell_makes_a_clear_error(what: str, cells: dict[str, str], field: str, bring_in: Importing) -> None:
    row = bring_in(sheet(a_row(**cells))).rows[0]
    assert row.done is Done.ERROR
    assert row.line == 2
    assert row.error.startswith(field)
    assert "\n" not in row.error
    assert len(row.error) < 300


def test_lines_are_counted_as_the_editor_shows_them(bring_in: Importing) -> None:
    text = sheet(a_row(description="one\ntwo\nthree"), a_row(service_id="two", name=""))
    assert [row.line for row in bring_in(text).rows] == [2, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1250"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_any_encoding_separator_and_line_end_of_the_region(
    encoding: str, separator: str, ending: str, bring_in: Importing, held: Held
) -> None:
    text = sheet(a_row(organisation="Udruženje Žena", name="Këshillim çdo ditë"), separator=separator).replace("\r\n", ending)
    assert bring_in(text.encode(encoding)).bad == 0
    assert (held()[0].organisation.name, held()[0].name) == ("Udruženje Žena", "Këshillim çdo ditë")


def test_what_real_lists_write_is_read(bring_in: Importing, held: Held) -> None:
    bring_in(
        sheet(
            a_row(
                description="<p>Free &amp; <b>kind</b></p><script>alert(1)</script>",
                phones="tel: +383 44 000 101 / +383 44 000 102; +383 44 000 103 ext 5",
                hours="pon-pet 8-16; Sa 9.30-13:00",
                languages="Albanian; srpski, tr",
                accepts="women; deca",
                papers="none",
                holidays="as usual",
                coverage="Pejë; Prizren",
                step_free="po",
                country="Kosova",
            )
        )
    )
    entry = held()[0]
    assert entry.description == "Free & kind"
    assert [(phone.number, phone.extension) for phone in entry.phones] == [
        ("+383 44 000 101", ""),
        ("+383 44 000 102", ""),
        ("+383 44 000 103", "5"),
    ]
    assert [(line.days[0], line.opens, line.closes) for line in entry.hours] == [("MO", 480, 960), ("SA", 570, 780)]
    assert entry.languages == {"sq", "sr", "tr"}
    assert {row.area for row in entry.coverage} == {"xk-peje", "xk-prizren"}
    assert entry.papers is Papers.NONE
    assert entry.on_holidays is OnHolidays.AS_USUAL
    place = entry.places[0]
    assert (place.country, place.located, place.step_free, place.municipality) == ("XK", Located.GAZETTEER, True, "xk-peje")


def test_lines_of_one_id_are_one_service_at_several_places(bring_in: Importing, held: Held) -> None:
    report = bring_in(sheet(a_row(hours="Mo 08:00-16:00"), a_row(city="Prizren", hours="Tu 08:00-16:00")))
    assert [row.done for row in report.rows] == [Done.ADDED, Done.DUPLICATE]
    entry = held()[0]
    assert {place.municipality for place in entry.places} == {"xk-peje", "xk-prizren"}
    assert {(line.place_id, line.days) for line in entry.hours} == {(entry.places[0].id, ("MO",)), (entry.places[1].id, ("TU",))}


def test_two_different_records_of_one_id_are_an_error(bring_in: Importing) -> None:
    report = bring_in(sheet(a_row(), a_row(name="Another thing")))
    assert "line 2" in report.rows[1].error


def test_a_formula_is_guarded_on_the_way_out_and_itself_again_on_the_way_in(bring_in: Importing, held: Held) -> None:
    bring_in(sheet(a_row(name="=HYPERLINK(1)", phones="+383 44 000 101")))
    text = csv_out.exported(held())
    cells = next(csv.DictReader(io.StringIO(text)))
    assert cells["name"] == "'=HYPERLINK(1)"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells.values())
    assert bring_in(text).rows[0].done is Done.UNCHANGED


@pytest.mark.parametrize("cell", ["=1", "'=1", "''", "'x", "-", "", "a", "@b", "+3"])
def test_a_guard_comes_off_as_it_went_on(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


UNREADABLE = [
    ("an empty file", b""),
    ("column names alone", b"organisation,name,category\n"),
    ("a needed column is absent", b"organisation,name\nA,B\n"),
    ("a column stands twice", b"organisation,name,category,name\nA,B,C,D\n"),
    ("no text at all", b"\x00\x01\x02\x03"),
    ("a quotation mark that never ends", b'organisation,name,category\n"A,B,C\n'),
]


@pytest.mark.parametrize(("what", "content"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_a_file_that_cannot_be_read_is_one_clear_error(what: str, content: bytes, bring_in: Importing) -> None:
    with pytest.raises(NotReadable) as refused:
        bring_in(content)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_one_clear_error(bring_in: Importing, tmp_path: Path) -> None:
    with pytest.raises(NotReadable):
        bring_in(tmp_path / "nowhere.csv")


def test_a_confidential_row_goes_to_the_vault_and_nowhere_else(
    bring_in: Importing, held: Held, database: Database, keystore: Keystore
) -> None:
    report = bring_in(sheet(a_row(category="shelter", confidential="yes", front_gate="+383 44 000 101", address="Rruga 1")))
    assert [row.done for row in report.rows] == [Done.ADDED]
    assert report.rows[0].plain() == {"line": 2, "id": report.rows[0].id, "action": "added", "confidential": True}
    assert held() == []
    with database.read() as conn:
        cards = Cards(keystore.place_key).all(conn)
        raw = repr(conn.exec_driver_sql("SELECT * FROM hidden_services").fetchall())
    assert [card.front_gate for card in cards] == ["+383 44 000 101"]
    assert "Rruga" not in raw
    assert "Rruga" not in repr(cards)
    assert cards[0].published_area == ("XK",)


def test_a_shelter_is_confidential_unless_its_row_says_no(bring_in: Importing, held: Held) -> None:
    bring_in(sheet(a_row(category="shelter", phones="+383 44 000 101"), a_row(service_id="two", category="shelter", confidential="no")))
    assert [entry.category for entry in held()] == ["shelter"]


def test_what_becomes_confidential_leaves_the_public_tables_and_never_comes_back_by_a_file(bring_in: Importing, held: Held) -> None:
    public = sheet(a_row(category="shelter", confidential="no"))
    bring_in(public)
    assert len(held()) == 1
    bring_in(sheet(a_row(category="shelter", confidential="yes", front_gate="+383 44 000 101")))
    assert held() == []
    again = bring_in(public)
    assert again.rows[0].done is Done.ERROR
    assert "confidential" in again.rows[0].error
    assert held() == []


def test_an_undated_capacity_counts_as_old(bring_in: Importing, held: Held) -> None:
    bring_in(sheet(a_row(category="shelter", confidential="no", capacity="bed 3/8; family_room 1")))
    assert [(one.kind, one.available, one.maximum, one.at.year) for one in held()[0].capacities] == [
        ("bed", 3, 8, 1970),
        ("family_room", 1, None, 1970),
    ]


def test_unknown_columns_are_named_and_not_lost_silently(bring_in: Importing) -> None:
    report = bring_in(sheet(a_row(shoe_size="42")))
    assert report.rows[0].notes == ["columns not used: shoe_size"]
