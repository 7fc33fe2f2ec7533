"""The page of promises is kept current: every line of what is owed has a row, and every test that a row names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "promises.md"
ROW = re.compile(r"^\| (\d+|seen) \| (.+?) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LINES = range(1, 46)


def rows() -> list[tuple[str, str, str]]:
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len(found) >= len(LINES)
    return found


def test_every_line_of_what_is_owed_has_a_row_in_order() -> None:
    numbered = [int(number) for number, _, _ in rows() if number.isdecimal()]
    assert sorted(set(numbered)) == list(LINES)
    assert numbered == sorted(numbered)


def test_every_row_names_a_test_or_says_what_is_not_yet() -> None:
    for number, promise, shown in rows():
        assert NAMED.search(shown) or "not yet: " in shown, (number, promise)


def test_every_named_test_exists() -> None:
    named = [found for _, _, shown in rows() for found in NAMED.findall(shown)]
    assert len(named) > 60
    for path, name in named:
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), f"{path}::{name}"


def test_nothing_stands_between_backticks_that_is_no_test() -> None:
    for number, _, shown in rows():
        assert not re.sub(NAMED, "", shown).count("`"), number
