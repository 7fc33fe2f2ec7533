"""Packs the place data into ``sos/geo/data/``: ``python -m sos.geo.packing PLACES_CSV MUNICIPALITIES_GEOJSON [TARGET]``.

Run by a programmer when the sources change; the same sources give the same bytes. Must never run in a lifeline, and must never be
given OpenStreetMap rows (ODbL is share-alike on the whole database: they would have to live apart, see ``LICENSES/PLACES.md``).

Writes three tab-separated UTF-8 files:

* ``places.tsv``      one place a line: id, kind, name_sq, name_sr, name_sr_cyrl, name_en, name_tr, municipality_id, country, lat, lon,
                      population. The line number is the place's number in ``names.tsv``.
* ``names.tsv``       one spelling a line: folded name, sound keys (``|``), codes. A code is number * 4 + weight
                      (0 own name, 1 alternative or historic name, 2 only the base of a qualified name).
* ``boundaries.tsv``  one municipality a line: id, geometry as GeoJSON.
"""

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from rapidfuzz import fuzz

from sos.geo.naming import base_keys, folded_name, sound_names

OWN, ALTERNATIVE, BASE = 0, 1, 2

_SHORTEST_ALTERNATIVE = 4
_ALTERNATIVE_LIKENESS = 55
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")

# Alternative names in the sources that mean something else to the people who write here: another country, another town, a first name.
_MISLEADING = frozenset(
    {
        "india", "nissa", "niso", "boras", "maidan", "gradiste", "cladova", "jabalj", "petrovac", "palanka", "mitrovica", "mitrovic",
        "nova crna", "stara palanka", "nova palanka", "opalanka", "bace", "titul", "dreni", "titova mitrovica",
    }
)  # fmt: skip
_BOTH_MITROVICAS = frozenset({"xk-mitrovice", "xk-mitrovice-e-veriut"})

# Spellings in daily use that the sources lack; own names of the place. Checked by hand.
_IN_USE = {
    "xk-gllogoc": ["Drenas", "Glogovac"],
    "xk-hani-i-elezit": ["Hani i Elezit", "Elez Han", "Generali Jankoviq", "Gjeneral Jankoviq"],
    "xk-gjakove": ["Jakova", "Jakovë", "Gjakovo"],
    "xk-prishtine": ["Prishtina", "Priştina", "Prištine"],
    "xk-fushe-kosove": ["Fushë Kosova", "Kosova Polje"],
    "xk-mitrovice": ["Mitrovica", "Kosovska Mitrovica", "Mitrovica jug", "Mitrovica južna", "Kosovska Mitrovica jug"],
    "xk-mitrovice-e-veriut": [
        "Mitrovica",
        "Mitrovicë",
        "Kosovska Mitrovica",
        "Mitrovica sever",
        "Mitrovica sjever",
        "Kosovska Mitrovica sever",
    ],
    "xk-leposaviq": ["Leposavić"],
    "rs-novi-pazar": ["Pazari i Ri", "Tregu i Ri", "Yeni Pazar"],
    "rs-sjenica": ["Senica"],
    "rs-vladicin-han": ["Vladičin Han"],
    "rs-razanj": ["Ražnju", "Ražnja"],
    "rs-secanj": ["Sečnju", "Sečnja"],
    "gn-792680": ["Beogradi", "Belgradi", "Belgrad", "Belgrade", "Beligradi"],
    "gn-787657": ["Nish", "Nishi", "Nis"],
}

_COLUMNS = (
    "id", "kind", "name_sq", "name_sr_latn", "name_sr_cyrl", "name_en", "name_tr", "municipality_id", "country", "lat", "lon", "population",
)  # fmt: skip

Row = dict[str, str]


def pack(places_csv: Path, municipalities: Path, target: Path) -> None:
    """Reads the two sources and writes the three files."""
    with places_csv.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "places.tsv", _place_lines(rows))
    _write(target / "names.tsv", _name_lines(rows))
    _write(target / "boundaries.tsv", _boundary_lines(json.loads(municipalities.read_text(encoding="utf-8"))))


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _place_lines(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield "\t".join(row[column].strip() for column in _COLUMNS)


def _boundary_lines(collection: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    for feature in collection["features"]:
        yield f"{feature['id']}\t{json.dumps(feature['geometry'], separators=(',', ':'))}"


def _name_lines(rows: list[Row]) -> Iterator[str]:
    stands_for = _numbers_with_seats_merged(rows)
    codes: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, row in enumerate(rows):
        for name, weight in _weighed_names(row):
            code = stands_for[number] * 4 + weight
            folded = folded_name(name)
            if folded:
                codes[folded, "|".join(sound_names(name))].add(code)
            for base in base_keys(name) if weight == OWN else ():
                codes["", base].add(stands_for[number] * 4 + BASE)
    for (folded, keys), found in sorted(codes.items()):
        yield f"{folded}\t{keys}\t{' '.join(map(str, sorted(_best_only(found))))}"


def _best_only(codes: set[int]) -> set[int]:
    best: dict[int, int] = {}
    for code in codes:
        best[code // 4] = min(code % 4, best.get(code // 4, BASE))
    return {number * 4 + weight for number, weight in best.items()}


def _weighed_names(row: Row) -> Iterator[tuple[str, int]]:
    own = [name for name in (row[c].strip() for c in ("name_sq", "name_sr_latn", "name_en", "name_tr")) if name]
    own += _IN_USE.get(row["id"], [])
    yield from ((name, OWN) for name in dict.fromkeys(own))
    # Of two names in one field the Cyrillic one is the Serbian one again: its keys are the same, so it costs nothing.
    if row["name_sr_cyrl"]:
        yield row["name_sr_cyrl"], OWN
    for name in filter(None, (part.strip() for part in row["alt_names"].split("|"))):
        if _is_worth_keeping(name, row, own):
            yield name, OWN if row["kind"] == "municipality" and _resembles(name, own, 80) else ALTERNATIVE


def _is_worth_keeping(name: str, row: Row, own: list[str]) -> bool:
    folded = folded_name(name)
    if (folded in _MISLEADING and row["id"] not in _BOTH_MITROVICAS) or len(folded) < _SHORTEST_ALTERNATIVE or re.search(r"\d", name):
        return False
    if re.match(r"(Град|Општина|Opstina|Opština|Opshtina|Comuna|Komuna) ", name):
        return False
    far_away = row["country"] == "RS" and row["kind"] in ("city", "town")
    return not far_away or _resembles(name, own, _ALTERNATIVE_LIKENESS) or bool(_CYRILLIC.search(name))


def _resembles(name: str, own: list[str], likeness: int) -> bool:
    return any(fuzz.ratio(folded_name(name), folded_name(other)) >= likeness for other in own)


def _numbers_with_seats_merged(rows: list[Row]) -> list[int]:
    """For each row the number it stands for: a seat stands for its municipality, since both bear one name."""
    municipality = {row["id"]: number for number, row in enumerate(rows) if row["kind"] == "municipality"}
    stands_for = list(range(len(rows)))
    for number, row in enumerate(rows):
        parent = municipality.get(row["municipality_id"])
        if parent is None or row["kind"] not in ("city", "town"):
            continue
        if row["note"].startswith("seat of") or _share_a_name(row, rows[parent]):
            stands_for[number] = parent
    return stands_for


def _share_a_name(seat: Row, municipality: Row) -> bool:
    names = [{key for name, weight in _weighed_names(row) if weight == OWN for key in sound_names(name)} for row in (seat, municipality)]
    return bool(names[0] & names[1])


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: python -m sos.geo.packing PLACES_CSV MUNICIPALITIES_GEOJSON [TARGET]")
    pack(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) == 4 else Path(__file__).parent / "data")
