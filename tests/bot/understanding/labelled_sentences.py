"""The labelled sentences: `build` ones the lexicons were written with, `measured` ones written before and apart from them.

A measured sentence is never a reason to change a lexicon: it would cease to measure.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sos.bot.understanding.intents import Danger, Intent
from sos.bot.understanding.understander import Understander

HERE = Path(__file__).parent
LANGUAGES = Path(__file__).resolve().parents[3] / "config" / "languages"


@dataclass(frozen=True)
class Sentence:
    text: str
    language: str
    intent: str
    category: str | None
    danger: str
    half: str


@dataclass
class Figures:
    """Counts of one language (or of all): recall is over SOS sentences, false alarms over those without danger."""

    sos: int = 0
    heard: int = 0
    at_once: int = 0
    calm: int = 0
    alarms: int = 0
    others: int = 0
    right: int = 0


def sentences(half: str) -> list[Sentence]:
    found = []
    for path in sorted((HERE / "labelled").glob(f"{half}_*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                row["category"] = None if row["category"] == "-" else row["category"]
                found.append(Sentence(**row))
    return found


def figures(understander: Understander, found: Iterable[Sentence]) -> dict[str, Figures]:
    table: defaultdict[str, Figures] = defaultdict(Figures)
    for sentence in found:
        answer = understander.understand(sentence.text)
        for figure in (table[sentence.language], table["all"]):
            if sentence.intent == "sos":
                figure.sos += 1
                figure.heard += answer.intent is Intent.SOS
                figure.at_once += answer.danger is Danger.PROBABLE
                continue
            figure.others += 1
            figure.right += answer.intent == sentence.intent and sentence.category in (None, answer.category)
            if sentence.danger == "none":
                figure.calm += 1
                figure.alarms += answer.intent is Intent.SOS or answer.danger is not None
    return dict(table)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95% interval of a share, Wilson (1927): honest for small counts and shares near 0 or 1."""
    if not of:
        return 0.0, 1.0
    z = 1.959964
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - spread), min(1.0, middle + spread)
