"""The order of matches is the exact geodesic order, and filters only take away: properties over random directories."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from sos.directory.entries import CoverageEntry, ServiceEntry
from sos.directory.matching.geometry import ecef, nearest
from sos.directory.matching.ranking import match
from sos.directory.matching.wish import Point, Wish
from sos.directory.states import Papers, Whom
from tests.directory.builders import a_moment, a_place, a_service, a_snapshot, a_wish, beds

GEOD = Geod(ellps="WGS84")
MUNICIPALITIES = ("xk-peje", "xk-prizren", "rs-vranje", "rs-tutin")
points = st.tuples(st.floats(-89.9, 89.9), st.floats(-180, 180)) | st.tuples(st.floats(41.8, 43.3), st.floats(20.0, 21.8))


@st.composite
def services(draw: st.DrawFn) -> list[ServiceEntry]:
    made = []
    for n in range(draw(st.integers(0, 12))):
        places = tuple(
            a_place(n * 4 + k, lat=lat, lon=lon, municipality=draw(st.sampled_from(MUNICIPALITIES)))
            for k, (lat, lon) in enumerate(draw(st.lists(points, max_size=3)))
        )
        made.append(
            a_service(
                n,
                places=places,
                step_free=draw(st.booleans()),
                papers=draw(st.sampled_from(Papers)),
                languages=frozenset(draw(st.sets(st.sampled_from(["sq", "sr", "tr"])))),
                accepts=frozenset(draw(st.sets(st.sampled_from([Whom.WOMEN, Whom.MEN, Whom.CHILDREN])))),
                coverage=tuple(CoverageEntry(area) for area in draw(st.sets(st.sampled_from([*MUNICIPALITIES, "XK"])))),
                capacities=draw(st.sampled_from([(), beds(0), beds(3), beds(3, hours_ago=500)])),
            )
        )
    return made


wishes = st.builds(
    lambda point, **more: a_wish(point=Point(*point) if point else None, limit=20, **more),
    st.none() | points,
    step_free=st.booleans(),
    no_papers=st.booleans(),
    language=st.none() | st.sampled_from(["sq", "tr"]),
    accepts=st.frozensets(st.sampled_from([Whom.WOMEN, Whom.MEN]), max_size=2),
    avoid=st.frozensets(st.sampled_from(MUNICIPALITIES), max_size=2),
)


def km(wish: Wish, service: ServiceEntry) -> float | None:
    """The distance by brute force: the nearest place that is not avoided."""
    if wish.point is None:
        return None
    found = [
        GEOD.inv(wish.point.lon, wish.point.lat, place.longitude, place.latitude)[2] / 1000
        for place in service.places
        if place.municipality not in wish.avoid
    ]
    return min(found, default=None)


@settings(deadline=None, max_examples=150)
@given(services(), wishes)
def test_matches_come_in_exact_geodesic_order_each_service_once(directory: list[ServiceEntry], wish: Wish) -> None:
    found = match(a_snapshot(*directory), wish, a_moment()).matches
    by_id = {one.id: one for one in directory}
    expected = [(distance is None, distance or 0.0, one.id) for one in found for distance in [km(wish, by_id[one.id])]]
    assert expected == sorted(expected)
    assert len({one.id for one in found}) == len(found)
    for one in found:
        distance = km(wish, by_id[one.id])
        assert (one.distance_km is None) == (distance is None)
        assert one.distance_km is None or abs(one.distance_km - (distance or 0)) < 1e-9


@settings(deadline=None, max_examples=150)
@given(services(), wishes, st.sampled_from([{"step_free": True}, {"no_papers": True}, {"language": "tr"}, {"children": 2}, {"free": True}]))
def test_a_filter_never_adds(directory: list[ServiceEntry], wish: Wish, more: dict[str, object]) -> None:
    from dataclasses import replace

    wish = replace(wish, language=None) if "language" in more else wish
    snapshot = a_snapshot(*directory)
    before = {one.id for one in match(snapshot, wish, a_moment()).matches}
    after = {one.id for one in match(snapshot, replace(wish, **more), a_moment()).matches}
    assert after <= before


@settings(deadline=None, max_examples=150)
@given(services(), wishes)
def test_what_is_avoided_appears_nowhere(directory: list[ServiceEntry], wish: Wish) -> None:
    found = match(a_snapshot(*directory), wish, a_moment())
    assert not {one.area for one in (*found.matches, *found.next_best)} & wish.avoid


@settings(deadline=None, max_examples=100)
@given(services(), wishes)
def test_never_a_blank_without_saying_what_is_missing(directory: list[ServiceEntry], wish: Wish) -> None:
    found = match(a_snapshot(*directory), wish, a_moment())
    assert found.matches or found.missing
    assert bool(found.missing) != bool(found.matches)
    assert not (found.matches and found.next_best)


@settings(deadline=None, max_examples=100)
@given(services(), wishes, st.integers(1, 5))
def test_a_smaller_limit_is_the_beginning_of_a_larger_one(directory: list[ServiceEntry], wish: Wish, limit: int) -> None:
    from dataclasses import replace

    snapshot = a_snapshot(*directory)
    more = match(snapshot, wish, a_moment()).matches
    fewer = match(snapshot, replace(wish, limit=limit), a_moment()).matches
    assert [one.id for one in fewer] == [one.id for one in more][:limit]


@settings(deadline=None, max_examples=50)
@given(points, st.lists(points, min_size=1, max_size=300), st.integers(1, 10))
def test_the_chord_never_loses_one_of_the_nearest(here: tuple[float, float], there: list[tuple[float, float]], count: int) -> None:
    lat, lon = np.array([one[0] for one in there]), np.array([one[1] for one in there])
    origin = ecef(np.array([here[0]]), np.array([here[1]]))[0]
    chord2 = ((ecef(lat, lon) - origin) ** 2).sum(axis=1)
    kept = set(nearest(chord2, count).tolist())
    metres = np.array([GEOD.inv(here[1], here[0], x, y)[2] for y, x in there])
    kth = np.sort(metres)[min(count, len(metres)) - 1]
    assert {n for n in range(len(metres)) if metres[n] < kth - 1e-6} <= kept


def test_haversine_would_order_differently_and_we_do_not() -> None:
    north, east = a_service(1, places=(a_place(1, lat=43.0, lon=21.0),)), a_service(2, places=(a_place(2, lat=42.0, lon=22.346),))
    wish = a_wish(point=Point(42.0, 21.0))
    expected = sorted((north, east), key=lambda one: km(wish, one) or 0)
    assert [one.id for one in match(a_snapshot(north, east), wish, a_moment()).matches] == [one.id for one in expected]
