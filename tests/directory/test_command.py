"""`flask directory` as it is called: JSON on stdout, one clear line on stderr, the agreed exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from config.settings import Settings
from sos.cli.directory import directory
from sos.directory.exchange.csv_out import template
from sos.directory.matching.answer import A_PERSON
from sos.factory import House

Asking = Callable[..., Result]


@pytest.fixture
def ask(tmp_path: Path) -> Asking:
    app = Flask("terminal")
    house = House(Settings.from_environ({"SOS_INSTANCE": str(tmp_path / "instance")}))
    app.extensions["sos"] = house

    def run(*words: str) -> Result:
        with app.app_context():
            return CliRunner().invoke(directory, list(words))

    return run


def matched(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_match_has_the_agreed_shape(ask: Asking) -> None:
    found = matched(ask("match", "--category", "legal_aid", "--place", "u Peći", "--json"))
    assert list(found) == ["matches", "next_best", "missing", "hotlines"]
    assert list(found["matches"][0]) == ["id", "name", "category", "area", "distance_km", "reasons"]
    assert list(found["matches"][0]["reasons"][0]) == ["code", "text"]
    assert found["matches"][0]["area"] == "Pejë"
    assert {"112", "192"} <= {number["number"] for number in found["hotlines"]}


@pytest.mark.parametrize("place", ["Pejë", "Peja", "Peje", "Peć", "Pec", "Пећ", "u Peći", "ne Peje"])
def test_all_names_of_a_town_give_the_same_answer(ask: Asking, place: str) -> None:
    found = matched(ask("match", "--category", "health", "--place", place, "--at", "2026-11-23T12:00:00+01:00"))
    assert found["matches"][0]["name"] == "Family doctor and nurse, Pejë (demonstration)"


def test_an_ambiguous_place_is_a_persons_choice(ask: Asking) -> None:
    result = ask("match", "--category", "police", "--place", "Mitrovica")
    assert result.exit_code == 3
    answer = json.loads(result.stdout)
    assert len(answer["candidates"]) > 1
    assert {number["country"] for number in answer["hotlines"]} == {"XK", "RS"}


def test_the_numbers_follow_the_place_and_are_both_where_it_is_not_known(ask: Asking) -> None:
    def countries(*place: str) -> set[str]:
        return {number["country"] for number in matched(ask("match", "--category", "legal_aid", *place))["hotlines"]}

    assert countries("--place", "Vranje") == {"RS"}
    assert countries("--place", "Gjilan") == {"XK"}
    assert countries("--lat", "48.2", "--lon", "16.4") == {"XK", "RS"}


def test_112_is_never_shown_for_serbia(ask: Asking) -> None:
    found = matched(ask("match", "--category", "health", "--place", "Novi Pazar"))
    assert "112" not in {number["number"] for number in found["hotlines"]}


def test_not_the_police_is_a_choice(ask: Asking) -> None:
    found = matched(ask("match", "--category", "legal_aid", "--place", "Vranje", "--no-authorities"))
    assert found["hotlines"]
    assert not any(number["authority"] for number in found["hotlines"])


def test_a_survivor_hears_one_line_of_shelters_and_an_operator_area_and_capacity(ask: Asking) -> None:
    where = ("--category", "shelter", "--place", "Gjakovë")
    hers, theirs = matched(ask("match", *where)), matched(ask("match", *where, "--audience", "operator"))
    assert hers["matches"][0]["id"] == A_PERSON
    hidden = [one for one in theirs["matches"] if "published_area" in {reason["code"] for reason in one["reasons"]}]
    assert len(hidden) >= 3
    assert all(one["distance_km"] is None and one["area"] == "Kosovo" for one in hidden)
    assert "Invented lane" not in json.dumps(theirs)
    assert not any(one["id"] in json.dumps(hers) for one in hidden)


def test_what_is_avoided_is_in_no_output(ask: Asking) -> None:
    for category in ("legal_aid", "health", "police", "shelter"):
        result = ask("match", "--category", category, "--place", "Istog", "--avoid", "Peja", "--limit", "50")
        assert result.exit_code == 0
        assert not any(name in result.stdout for name in ("Pejë", "Peja", "Peć", "xk-peje"))


def test_reasons_come_in_the_language_asked_for(ask: Asking) -> None:
    at = ("--category", "legal_aid", "--place", "Prizren", "--at", "2026-11-23T12:00:00+01:00")
    english, serbian = matched(ask("match", *at)), matched(ask("match", *at, "--language", "sr"))
    said = [{r["text"] for one in found["matches"] for r in one["reasons"] if r["code"] == "papers.none"} for found in (english, serbian)]
    assert said[0]
    assert said[1]
    assert said[0] != said[1]


WRONG = [
    ("an unknown category", ["--category", "magic", "--place", "Peja"]),
    ("mediation", ["--category", "mediation", "--place", "Peja"]),
    ("no place at all", ["--category", "police"]),
    ("half a point", ["--category", "police", "--lat", "42"]),
    ("a place and a point", ["--category", "police", "--place", "Peja", "--lat", "42", "--lon", "20"]),
    ("a latitude beyond the pole", ["--category", "police", "--lat", "91", "--lon", "20"]),
    ("a latitude that is no number", ["--category", "police", "--lat", "nan", "--lon", "20"]),
    ("a time without a zone", ["--category", "police", "--place", "Peja", "--at", "2026-11-23T12:00:00"]),
    ("a time that is none", ["--category", "police", "--place", "Peja", "--at", "soon"]),
    ("fewer than no children", ["--category", "police", "--place", "Peja", "--children", "-1"]),
    ("an unknown language", ["--category", "police", "--place", "Peja", "--language", "xx"]),
    ("an unknown group", ["--category", "police", "--place", "Peja", "--accepts", "martians"]),
    ("an unknown audience", ["--category", "police", "--place", "Peja", "--audience", "everyone"]),
    ("no matches wanted", ["--category", "police", "--place", "Peja", "--limit", "0"]),
    ("an unknown place to avoid", ["--category", "police", "--place", "Peja", "--avoid", "Atlantis"]),
]


@pytest.mark.parametrize(("what", "words"), WRONG, ids=[row[0] for row in WRONG])
def test_wrong_use_is_one_line_and_exit_2(what: str, words: list[str], ask: Asking) -> None:
    result = ask("match", *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_import_reports_each_row_and_the_match_finds_it(ask: Asking, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(template(), encoding="utf-8")
    first, second = ask("import", "csv", str(file)), ask("import", "csv", str(file))
    assert [json.loads(line)["action"] for line in first.stdout.splitlines()] == ["added"]
    assert [json.loads(line)["action"] for line in second.stdout.splitlines()] == ["unchanged"]
    found = matched(ask("match", "--category", "legal_aid", "--place", "Peja"))
    assert "Free legal advice" in [one["name"] for one in found["matches"]]


def test_a_bad_row_is_exit_2_and_nothing_is_written(ask: Asking, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(template() + "x,,A,,B,nonsense\r\n", encoding="utf-8")
    result = ask("import", "csv", str(file))
    assert result.exit_code == 2
    assert [json.loads(line)["action"] for line in result.stdout.splitlines()] == ["not imported", "error"]
    assert ask("import", "csv", str(file), "--skip-bad").exit_code == 0


@pytest.mark.parametrize("words", [("import", "csv", "nowhere.csv"), ("import", "xml", "x"), ("export", "xml", "x"), ("template", "hsds")])
def test_a_file_or_form_that_cannot_be_is_one_line_and_exit_2(ask: Asking, words: tuple[str, ...]) -> None:
    result = ask(*words)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("form", ["hsds", "csv"])
def test_an_export_comes_in_again_unchanged(ask: Asking, tmp_path: Path, form: str) -> None:
    file = tmp_path / "out"
    assert ask("export", form, str(file)).exit_code == 0
    result = ask("import", form, str(file))
    assert {json.loads(line)["action"] for line in result.stdout.splitlines()} == {"unchanged"}
    assert "Invented lane" not in file.read_text(encoding="utf-8")
