"""The municipality around a point, offline.

The lines serve to route a request to the competent municipality and say nothing about status. They are simplified (Serbia 1:1,000,000):
a point in a hairline gap belongs to the nearest municipality within 2 km; farther out there is none. Must never send a point anywhere.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import shapely

_DATA = Path(__file__).parent / "data"
_GAP_METRES = 2_000
_METRES_PER_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Polygons in an STRtree, prepared. Shared by threads; never changed."""

    ids: tuple[str, ...]
    tree: shapely.STRtree

    def municipality_at(self, lat: float, lon: float) -> str | None:
        """The id of the municipality at a point (degrees), or None outside of all. Impossible coordinates are outside too."""
        if not (math.isfinite(lat) and math.isfinite(lon)):
            return None
        point = shapely.Point(lon, lat)
        inside = self.tree.query(point, predicate="intersects")
        if len(inside):
            return self.ids[int(min(inside))]
        return self._nearest(lat, lon)

    def _nearest(self, lat: float, lon: float) -> str | None:
        """Within the gap, measured on a plane scaled to this latitude: good to a metre over 2 km."""
        east = math.cos(math.radians(lat)) * _METRES_PER_DEGREE
        if east <= 1:
            return None
        box = shapely.box(
            lon - _GAP_METRES / east, lat - _GAP_METRES / _METRES_PER_DEGREE,
            lon + _GAP_METRES / east, lat + _GAP_METRES / _METRES_PER_DEGREE,
        )  # fmt: skip
        point = shapely.Point(0, 0)
        best: tuple[float, str] | None = None
        for number in self.tree.query(box):
            polygon = shapely.transform(
                self.tree.geometries[number], lambda xy: (xy - (lon, lat)) * (east, _METRES_PER_DEGREE)
            )  # fmt: skip
            metres = float(shapely.distance(point, polygon))
            if metres <= _GAP_METRES and (best is None or metres < best[0]):
                best = (metres, self.ids[int(number)])
        return best[1] if best else None


def load(folder: Path = _DATA) -> Boundaries:
    """Reads ``boundaries.tsv``."""
    lines = [line.split("\t") for line in (folder / "boundaries.tsv").read_text(encoding="utf-8").splitlines()]
    polygons = shapely.from_geojson([geometry for _, geometry in lines])
    shapely.prepare(polygons)
    return Boundaries(tuple(identity for identity, _ in lines), shapely.STRtree(polygons))
