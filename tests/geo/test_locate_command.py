"""``flask geo locate``: one JSON line for each line."""

import json
import subprocess
import sys

from click.testing import CliRunner

from sos.cli.locate import geo

KEYS = ["id", "kind", "name", "municipality", "country", "lat", "lon"]


def answers(text: bytes, *options: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(geo, ["locate", *options], input=text)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_answered_blank_ones_too() -> None:
    found = answers("u Peći\n\nMitrovica\r\n   \nВрање".encode())
    assert [one["query"] for one in found] == ["u Peći", "", "Mitrovica", "   ", "Врање"]
    assert [list(one) for one in found] == [["query", "place", "candidates", "confidence"]] * 5
    assert found[0]["place"] == {
        "id": "xk-peje", "kind": "municipality", "name": "Pejë", "municipality": "Pejë", "country": "XK", "lat": 42.65913, "lon": 20.28828,
    }  # fmt: skip
    assert found[1]["place"] is None
    assert found[1]["candidates"] == []
    assert [place["id"] for place in found[2]["candidates"]] == ["xk-mitrovice", "xk-mitrovice-e-veriut"]
    assert all(list(place) == KEYS for place in found[2]["candidates"])


def test_rare_separators_and_broken_bytes_do_not_break_the_count() -> None:
    assert len(answers(b"Peja\x0b\x0cPrizren\n\xff\xfe\n" + "\u2028Gjilan\n".encode())) == 3


def test_no_lines_no_answers() -> None:
    assert answers(b"") == []


def test_letters_stand_as_themselves() -> None:
    result = CliRunner().invoke(geo, ["locate"], input="Пећ".encode())
    assert "Пећ" in result.stdout
    assert "\\u" not in result.stdout


def test_hints_choose() -> None:
    assert answers(b"Mitrovica", "--municipality", "xk-mitrovice-e-veriut")[0]["candidates"] == []


def test_wrong_use_is_one_clear_refusal() -> None:
    for options in (["--municipality", "nowhere"], ["--country", "DE"], ["--no-such-option"]):
        assert CliRunner().invoke(geo, ["locate", *options], input=b"").exit_code == 2


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "sos.cli.locate"], input=b"ne Peje\n", capture_output=True, check=True)
    assert json.loads(done.stdout)["place"]["id"] == "xk-peje"
    assert done.stderr == b""
