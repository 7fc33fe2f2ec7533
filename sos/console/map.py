"""A small map of one municipality and its neighbours, drawn from the boundaries that are here. Asks nobody for a tile: no address leaves.

Draws a point only where she shared one; a place that she named is its municipality as a whole.
"""

import math
from dataclasses import dataclass

import shapely

from sos.geo.boundaries import Boundaries

_WIDTH, _HEIGHT, _MARGIN = 320.0, 200.0, 0.25


@dataclass(frozen=True, slots=True)
class Shape:
    """One municipality as an SVG path."""

    name: str
    path: str
    hers: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws, in a box of `width` x `height`. `point`: x and y, where she shared one."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    point: tuple[float, float] | None
    km: float
    """how long 100 units are"""


def draw(boundaries: Boundaries, municipality: str, names: dict[str, str], point: tuple[float, float] | None = None) -> Drawing | None:
    """The municipality in the middle. `point`: latitude, longitude. None where there are no lines for it."""
    if municipality not in boundaries.ids:
        return None
    geometries = boundaries.tree.geometries
    place = geometries[boundaries.ids.index(municipality)]
    west, south, east, north = shapely.bounds(place)
    squeeze = math.cos(math.radians((south + north) / 2))
    span = max((east - west) * squeeze / _WIDTH, (north - south) / _HEIGHT) * (1 + 2 * _MARGIN)
    middle = (west + east) / 2, (south + north) / 2
    half = span * _WIDTH / 2 / squeeze, span * _HEIGHT / 2
    frame = shapely.box(middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])

    def onto(lon: float, lat: float) -> tuple[float, float]:
        return round(_WIDTH / 2 + (lon - middle[0]) * squeeze / span, 1), round(_HEIGHT / 2 - (lat - middle[1]) / span, 1)

    shapes = []
    for number in sorted(boundaries.tree.query(frame, predicate="intersects")):
        identity = boundaries.ids[int(number)]
        cut = shapely.simplify(shapely.intersection(geometries[int(number)], frame), span)
        path = _path(cut, onto)
        if path:
            shapes.append(Shape(names.get(identity, identity), path, identity == municipality))
    shapes.sort(key=lambda shape: shape.hers)
    return Drawing(_WIDTH, _HEIGHT, tuple(shapes), onto(point[1], point[0]) if point else None, round(span * 100 * 111.32, 1))


def _path(geometry: shapely.Geometry, onto: object) -> str:
    parts = []
    for polygon in shapely.get_parts(geometry):
        if shapely.get_type_id(polygon) != 3:  # only areas are drawn
            continue
        for ring in (shapely.get_exterior_ring(polygon),):
            corners = [onto(lon, lat) for lon, lat in shapely.get_coordinates(ring)]  # type: ignore[operator]
            parts.append("M" + "L".join(f"{x} {y}" for x, y in corners) + "Z")
    return "".join(parts)
