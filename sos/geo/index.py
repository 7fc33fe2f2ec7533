"""The packed places and their names in memory: dictionaries by spelling and by sound.

Read once at start-up; about 0.1 s and 15 MB. Must never change after loading, so that threads may share it.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from sos.geo.places import Kind, Place

_DATA = Path(__file__).parent / "data"


class Weight(IntEnum):
    """How firmly a name belongs to a place. The numbers are those of ``names.tsv``."""

    OWN = 0
    ALTERNATIVE = 1
    BASE = 2


Code = int
"""place number * 4 + weight, as packed."""


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Dictionaries from keys to codes.

    ``spelled``: folded names. ``sounding``: sound keys, words parted by a space. ``openings``: every proper beginning of a sound key of
    several words, so that reading stops early. ``numbers``: place ids to place numbers.
    """

    places: tuple[Place, ...]
    spelled: dict[str, tuple[Code, ...]]
    sounding: dict[str, tuple[Code, ...]]
    openings: frozenset[str]
    numbers: dict[str, int]

    def place(self, code: Code) -> Place:
        """The place that a code points at."""
        return self.places[code >> 2]


def load(folder: Path = _DATA) -> NameIndex:
    """Reads ``places.tsv`` and ``names.tsv``."""
    places = _load_places(folder / "places.tsv")
    spelled: dict[str, tuple[Code, ...]] = {}
    sounding: defaultdict[str, list[Code]] = defaultdict(list)
    for line in (folder / "names.tsv").read_text(encoding="utf-8").splitlines():
        folded, keys, packed = line.split("\t")
        codes = tuple(map(int, packed.split(" ")))
        if folded:
            spelled[folded] = codes
        for key in keys.split("|"):
            sounding[key].extend(codes)
    openings = {
        " ".join(words[:length])
        for words in (key.split(" ") for key in sounding if " " in key)
        for length in range(1, len(words))
    }  # fmt: skip
    numbers = {place.id: number for number, place in enumerate(places)}
    return NameIndex(places, spelled, {key: _best(codes) for key, codes in sounding.items()}, frozenset(openings), numbers)


def _best(codes: list[Code]) -> tuple[Code, ...]:
    """One code a place, its firmest."""
    if len(codes) == 1:
        return (codes[0],)
    best: dict[int, Code] = {}
    for code in sorted(codes):
        best.setdefault(code >> 2, code)
    return tuple(best.values())


def _load_places(path: Path) -> tuple[Place, ...]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    own_name = {row[0]: _own_name(row) for row in rows if row[1] == Kind.MUNICIPALITY}
    kinds = {kind.value: kind for kind in Kind}
    return tuple(
        Place(
            id=row[0],
            kind=kinds[row[1]],
            name=_own_name(row),
            municipality=own_name.get(row[7], ""),
            municipality_id=row[7],
            country=row[8],
            lat=float(row[9]),
            lon=float(row[10]),
            population=int(row[11] or 0),
            name_sq=row[2],
            name_sr=row[3],
            name_sr_cyrl=row[4],
            name_en=row[5],
            name_tr=row[6],
        )
        for row in rows
    )


def _own_name(row: list[str]) -> str:
    """Albanian in Kosovo, Serbian Latin in Serbia, the other where that one is missing. A label, not a statement about status."""
    albanian, serbian = row[2], row[3]
    return (albanian or serbian) if row[8] == "XK" else (serbian or albanian)
