"""The house as a whole: files short, names plain, every module says what it must never do. Each test looks at something."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = sorted(path for folder in ("sos", "config", "tests", "bench") for path in (ROOT / folder).rglob("*.py"))
CODE = [path for path in OURS if path.is_relative_to(ROOT / "sos") or path.is_relative_to(ROOT / "config")]


def test_there_is_a_house() -> None:
    assert len(CODE) > 80


def test_no_file_is_over_400_lines() -> None:
    long = {str(path.relative_to(ROOT)): count for path in OURS if (count := len(path.read_text().splitlines())) > 400}
    assert not long


def test_no_room_is_called_for_leftovers() -> None:
    forbidden = {"utils", "util", "helpers", "helper", "common", "misc", "base_utils"}
    assert not [path for path in OURS if path.stem in forbidden or path.parent.name in forbidden]


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path.relative_to(ROOT)) for path in CODE if not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent


def test_packages_re_export_nothing() -> None:
    inits = [path for path in CODE if path.name == "__init__.py"]
    assert inits
    busy = [str(path.relative_to(ROOT)) for path in inits if len(ast.parse(path.read_text()).body) > 1]
    assert not busy


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "Contracts: " in done.stdout


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\bdatetime\.now\(\)|\butcnow\(|\bdatetime\.today\(", id="a clock without a zone"),
        pytest.param(r"^\s*print\(", id="printing past the allow-list"),
        pytest.param(r"logging\.getLogger\(__name__\)", id="a logger past the allow-list"),
    ],
)
def test_nobody_goes_past_clock_and_logs(pattern: str) -> None:
    found = [str(path.relative_to(ROOT)) for path in CODE if re.search(pattern, path.read_text(), re.MULTILINE) and path.name != "logs.py"]
    assert not found
