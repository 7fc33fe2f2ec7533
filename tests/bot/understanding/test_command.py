"""`flask bot understand`: one JSON line out for each line in, whatever comes in."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def answers(stdin: bytes) -> list[dict[str, object]]:
    run = subprocess.run([sys.executable, "-m", "sos.cli.understand"], input=stdin, capture_output=True, cwd=ROOT, check=True, timeout=60)
    assert run.stderr == b""
    return [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]


def test_each_line_is_answered_with_the_five_fields() -> None:
    (answer,) = answers("муж ме туче\n".encode())
    assert answer == {"text": "муж ме туче", "intent": "sos", "category": None, "language": "sr", "confidence": answer["confidence"]}


def test_blank_lines_are_answered_as_unknown_without_confidence() -> None:
    found = answers(b"\n   \nSOS")
    assert [(a["intent"], a["confidence"]) for a in found[:2]] == [("unknown", 0.0), ("unknown", 0.0)]
    assert found[2]["intent"] == "sos"


def test_broken_bytes_are_replaced_and_answered() -> None:
    found = answers(b"\xff\xfe help me \xc3\n\x80\n")
    assert len(found) == 2
    assert found[0]["intent"] == "sos"
