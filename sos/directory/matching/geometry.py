"""Distances on the WGS84 ellipsoid. Orders by chord, then exactly: the result is the geodesic order, ties by id.

A chord through the ellipsoid and the geodesic over it order two points alike unless they differ by less than a few millionths
(Karney 2013, "Algorithms for geodesics"; haversine errs in 9% of top tens, measured). `SLACK` is a hundred times that.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sos.geo.distance import metres_to_many

A = 6378137.0
"""semi-major axis of WGS84, metres"""
E2 = 6.69437999014e-3
SLACK = 1e-3
"""relative; also covers antipodes, where chords flatten"""
ROUNDING = 1.0
"""metres: what a chord made of squares of 4e13 m2 may be wrong by, five times over"""
FLATTENING = 0.006
"""relative: how far an arc over a sphere may be from the geodesic, rounded up"""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def ecef(lat: Floats, lon: Floats) -> Floats:
    """Earth-centred coordinates in metres, shape (n, 3), at height 0."""
    phi, lam = np.radians(lat), np.radians(lon)
    n = A / np.sqrt(1 - E2 * np.sin(phi) ** 2)
    return np.stack([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - E2) * np.sin(phi)], axis=-1)


def squared_chords(lat: float, lon: float, xyz: Floats, squares: Floats) -> Floats:
    """Squared chords in m2 from a point to `xyz`, whose own squared lengths are `squares`; infinite where these are."""
    phi, lam = math.radians(lat), math.radians(lon)
    n = A / math.sqrt(1 - E2 * math.sin(phi) ** 2)
    across = n * math.cos(phi)
    here = np.array([across * math.cos(lam), across * math.sin(lam), n * (1 - E2) * math.sin(phi)])
    return np.asarray(squares + (here @ here) - 2.0 * (xyz @ here))


def geodesic_km(lat: float, lon: float, lats: Floats, lons: Floats) -> Floats:
    """Exact geodesic distances in km (Karney's inverse); NaN for a place without a point."""
    km = np.full(len(lats), np.nan)
    known = ~np.isnan(lats)
    if known.any():
        km[known] = metres_to_many(lat, lon, lats[known], lons[known]) / 1000.0
    return km


def farther_than(km: float, chord2: Floats, lat: float, lon: float, lats: Floats, lons: Floats) -> Bools:
    """Which places are farther than `km`, exactly; those without a point count as far. Measures only where the chord leaves a doubt."""
    arc = 2 * A * np.arcsin(np.minimum(1.0, np.sqrt(np.maximum(chord2, 0)) / (2 * A))) / 1000.0
    far = arc > km
    doubt = np.flatnonzero((np.abs(arc - km) <= FLATTENING * (km + 1)) & np.isfinite(chord2))
    far[doubt] = geodesic_km(lat, lon, lats[doubt], lons[doubt]) > km
    return np.asarray(far | ~np.isfinite(chord2))


def nearest(chord2: Floats, count: int) -> Ints:
    """Positions in `chord2` (squared chords) that hold the `count` nearest for certain, and whatever may tie with them."""
    if len(chord2) <= count:
        return np.arange(len(chord2))
    kth = float(np.partition(chord2, count - 1)[count - 1])
    reach = np.sqrt(max(kth, 0.0)) * (1 + SLACK) + ROUNDING
    return np.flatnonzero(chord2 <= reach * reach)


def in_order(distances: Floats, ids: Sequence[str]) -> list[int]:
    """Positions by distance, ties by id; unknown distances (NaN) last."""
    keys = [(math.inf if math.isnan(km) else km, own) for km, own in zip(distances.tolist(), ids, strict=True)]
    return sorted(range(len(keys)), key=keys.__getitem__)
