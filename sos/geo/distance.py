"""Distances on the WGS84 ellipsoid, in metres.

Both ways solve the inverse geodesic problem by Karney (2013), accurate to nanometres, so they agree; haversine on a sphere errs by up
to 0.5 % and swaps the order of near services. Must never round: rounding is for texts, and hidden places have no distance at all.
"""

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray
from pyproj import Geod

_WGS84 = Geod(ellps="WGS84")


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Between two points, degrees. For a few at a time (about 0.1 ms each). ValueError for a latitude beyond 90 degrees."""
    return float(geodesic((lat, lon), (other_lat, other_lon)).meters)


def metres_to_many(lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
    """From one point to many, degrees; same length as ``lats``. About 1 microsecond each."""
    _, _, found = _WGS84.inv(np.full(len(lats), lon), np.full(len(lats), lat), lons, lats)
    return np.asarray(found, dtype=np.float64)
