"""The packed data are what the code would pack today, and bear their licences."""

import re
from pathlib import Path

import pytest

from sos.geo import packing
from sos.geo.naming import sound_names
from sos.geo.spelling import fold

ROOT = Path(__file__).parents[2]
DATA = ROOT / "sos" / "geo" / "data"

CSV = """id,kind,name_sq,name_sr_latn,name_sr_cyrl,name_en,name_tr,alt_names,lat,lon,municipality,country,population,source,source_id,municipality_id,note
xk-a,municipality,Alfë,Alfa,Алфа,Alfa,,,42.5,20.5,Alfë,XK,1000,test,1,xk-a,
gn-1,town,Alfë,Alfa,Алфа,,,Alfograd,42.5,20.5,Alfë,XK,,test,2,xk-a,seat of xk-a
gn-2,village,Betë e Madhe,Velika Beta,Велика Бета,,,,42.6,20.6,Alfë,XK,,test,3,xk-a,
"""
GEOJSON = '{"features":[{"id":"xk-a","geometry":{"type":"Polygon","coordinates":[[[20,42],[21,42],[21,43],[20,43],[20,42]]]}}]}'


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    (tmp_path / "places.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "municipalities.geojson").write_text(GEOJSON, encoding="utf-8")
    packing.pack(tmp_path / "places.csv", tmp_path / "municipalities.geojson", tmp_path / "out")
    return tmp_path


def test_packing_twice_gives_the_same_bytes(packed: Path) -> None:
    packing.pack(packed / "places.csv", packed / "municipalities.geojson", packed / "again")
    files = sorted(path.name for path in (packed / "out").iterdir())
    assert files == ["boundaries.tsv", "names.tsv", "places.tsv"]
    assert all((packed / "out" / name).read_bytes() == (packed / "again" / name).read_bytes() for name in files)


def test_a_seat_stands_for_its_municipality(packed: Path) -> None:
    names = dict(
        line.split("\t")[::2] for line in (packed / "out" / "names.tsv").read_text(encoding="utf-8").splitlines() if line[0] != "\t"
    )
    assert names["alfe"] == "0"
    assert names["alfograd"] == "1"
    assert names["bete e madhe"] == names["velika beta"] == "8"


def test_the_packed_keys_are_those_of_todays_rules() -> None:
    """Plain one-word names of the packed places; a change of ``spelling`` or ``naming`` without packing again shows here."""
    lines = [line.split("\t") for line in (DATA / "names.tsv").read_text(encoding="utf-8").splitlines()]
    keys = {folded: set(packed.split("|")) for folded, packed, _ in lines if folded}
    places = [line.split("\t") for line in (DATA / "places.tsv").read_text(encoding="utf-8").splitlines()]
    tried = 0
    for place in places:
        for name in filter(None, place[2:4]):
            words = re.findall(r"[^\W\d_]+", name)
            tried += 1
            assert set(sound_names(name)) & keys[" ".join(fold(word) for word in words)], name
    assert tried > 7000


def test_the_attribution_is_shipped_beside_the_data_and_among_the_licences() -> None:
    for path in (DATA / "ATTRIBUTION.txt", ROOT / "LICENSES" / "PLACES.md"):
        text = path.read_text(encoding="utf-8")
        assert all(owner in text for owner in ("GeoNames", "CC BY 4.0", "Who's On First", "EuroGlobalMap", "GEOnet"))


def test_no_share_alike_rows_are_packed() -> None:
    ids = [line.split("\t")[0] for line in (DATA / "places.tsv").read_text(encoding="utf-8").splitlines()]
    assert len(ids) > 6000
    assert len(set(ids)) == len(ids)
    assert not [identity for identity in ids if identity.startswith("osm")]
