"""Distances on the ellipsoid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.geo.distance import metres, metres_to_many
from sos.geo.nearby import rough_metres

LATS = st.floats(min_value=-89, max_value=89)
LONS = st.floats(min_value=-180, max_value=180)
HERE_LATS = st.floats(min_value=41.8, max_value=46.2)
HERE_LONS = st.floats(min_value=18.8, max_value=23.0)


def test_a_known_distance() -> None:
    """Prishtina to Beograd, Vincenty's and Karney's formulas agree: 243.6 km."""
    assert metres(42.67272, 21.16688, 44.80401, 20.46513) == pytest.approx(243_600, rel=0.002)


@given(LATS, LONS, LATS, LONS)
def test_distance_is_symmetric_and_nought_only_at_home(lat: float, lon: float, other_lat: float, other_lon: float) -> None:
    there, back = metres(lat, lon, other_lat, other_lon), metres(other_lat, other_lon, lat, lon)
    assert there == pytest.approx(back, abs=1e-3)
    assert there >= 0
    assert metres(lat, lon, lat, lon) == 0


@given(HERE_LATS, HERE_LONS, st.lists(st.tuples(HERE_LATS, HERE_LONS), min_size=1, max_size=8))
def test_many_at_once_agree_with_one_at_a_time(lat: float, lon: float, others: list[tuple[float, float]]) -> None:
    many = metres_to_many(lat, lon, np.array([o[0] for o in others]), np.array([o[1] for o in others]))
    assert many == pytest.approx([metres(lat, lon, *other) for other in others], abs=1e-3)


@given(HERE_LATS, HERE_LONS, st.floats(min_value=-0.3, max_value=0.3), st.floats(min_value=-0.3, max_value=0.3))
def test_the_rough_distance_is_good_to_a_hundredth(lat: float, lon: float, north: float, east: float) -> None:
    exact = metres(lat, lon, lat + north, lon + east)
    assert rough_metres(lat, lon, lat + north, lon + east) == pytest.approx(exact, rel=0.01, abs=1)


def test_no_places_no_distances() -> None:
    assert metres_to_many(42.0, 21.0, np.array([]), np.array([])).tolist() == []
