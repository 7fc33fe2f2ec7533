"""Reads the labelled queries: ``query TAB expectation TAB half``.

Expectations: an id; ``Name@municipality`` (either may be missing) for a village; ``?`` with ids that must be among the candidates;
``-`` no place and no candidates; ``-?`` no place, candidates or not.
"""

from dataclasses import dataclass
from pathlib import Path

from sos.geo.places import Located
from sos.geo.spelling import fold, sound

FOLDER = Path(__file__).parent / "labelled"


@dataclass(frozen=True)
class Labelled:
    query: str
    expected: str
    half: str
    source: str


def labelled(half: str | None = None) -> list[Labelled]:
    found = [
        Labelled(*line.split("\t"), source=path.stem)
        for path in sorted(FOLDER.glob("*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [one for one in found if half in (None, one.half)]


def is_right(located: Located, expected: str) -> bool:
    candidates = {place.id for place in located.candidates}
    if expected == "-":
        return located.place is None and not candidates
    if expected == "-?":
        return located.place is None
    if expected.startswith("?"):
        return located.place is None and bool(candidates) and set(expected[1:].split()) <= candidates
    if located.place is None:
        return False
    if "@" not in expected:
        return located.place.id == expected
    name, municipality = expected.split("@")
    names = {sound(fold(n)) for n in (located.place.name_sq, located.place.name_sr)}
    return (not name or sound(fold(name)) in names) and municipality in ("", located.place.municipality_id)
