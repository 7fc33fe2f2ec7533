"""Match a wish against the index: suitable services in exact geodesic order, or the next best and what is missing. Pure.

1. Offers of the category, without what she stays away from. 2. Those that pass every asked filter. 3. Nearest by chord, then exactly by
geodesic, ties by id; services without a point come last. 4. A service once, at its nearest suitable place. 5. None at all: the ones that
miss least, nearest first, each with what it misses, none across a border.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sos.directory.matching.filters import EXCLUDING, SUITING, Moment
from sos.directory.matching.geometry import Bools, Floats, Ints, geodesic_km, in_order, nearest, squared_chords
from sos.directory.matching.index import Snapshot
from sos.directory.matching.reasons import reasons
from sos.directory.matching.wish import Found, Match, Reason, Wish

NEXT_BEST = 3


def match(snapshot: Snapshot, wish: Wish, moment: Moment) -> Found:
    """At most `wish.limit` matches. Never raises for a wish that was made, never returns a blank: see `Found`."""
    shelf = snapshot.by_category.get(wish.category.slug, slice(0, 0)) if wish.category.offered else slice(0, 0)
    offered = _together((one.passes(snapshot, wish, moment, shelf) for one in EXCLUDING if one.asked(wish)), shelf)
    if not offered.any():
        return Found((), (), ("category",))
    asked = [one for one in SUITING if one.asked(wish)]
    passed = {one.code: one.passes(snapshot, wish, moment, shelf) for one in asked}
    suitable = _together(passed.values(), shelf) & offered
    chosen = _nearest_services(snapshot, wish, np.flatnonzero(suitable) + shelf.start, wish.limit)
    if chosen:
        return Found(tuple(_match(snapshot, wish, moment, offer, km) for offer, km in chosen))
    this_side = offered & _this_side_of_the_border(snapshot, wish, shelf)
    if not this_side.any():
        return Found((), (), ("category",))
    return _next_best(snapshot, wish, moment, np.flatnonzero(this_side), shelf, passed)


def _this_side_of_the_border(snapshot: Snapshot, wish: Wish, shelf: slice) -> Bools:
    """Offers that are in no other country than she is: a next best never sends her across a border by itself (DOMAIN 43)."""
    abroad = np.zeros(shelf.stop - shelf.start, dtype=bool)
    for country, there in snapshot.country.items():
        if wish.country and country and country != wish.country:
            abroad |= there[shelf]
    return ~abroad


def _together(masks: Iterable[Bools], shelf: slice) -> Bools:
    together = np.ones(shelf.stop - shelf.start, dtype=bool)
    for mask in masks:
        together &= mask
    return together


def _nearest_services(snapshot: Snapshot, wish: Wish, offers: Ints, limit: int) -> list[tuple[int, float]]:
    """(offer, km or NaN) of the nearest services, each at its nearest place."""
    if not len(offers) or limit < 1:
        return []
    chord2 = _chord2(snapshot, wish, offers)
    several = len(snapshot.places) > len(snapshot.services)
    count = limit * 4 if several else limit
    while True:
        near = offers[nearest(chord2, count)]
        km = _distances(snapshot, wish, near)
        found: dict[int, tuple[int, float]] = {}
        for at in in_order(km, [snapshot.services[n].id for n in snapshot.service_of[near]]):
            found.setdefault(int(snapshot.service_of[near[at]]), (int(near[at]), float(km[at])))
            if len(found) == limit:
                return list(found.values())
        if len(near) == len(offers):
            return list(found.values())
        count *= 4


def _chord2(snapshot: Snapshot, wish: Wish, offers: Ints) -> Floats:
    """Squared chords in m2; infinite where there is no point."""
    if wish.point is None:
        return np.full(len(offers), np.inf)
    return squared_chords(wish.point.lat, wish.point.lon, snapshot.xyz[offers], snapshot.squares[offers])


def _distances(snapshot: Snapshot, wish: Wish, offers: Ints) -> Floats:
    if wish.point is None:
        return np.full(len(offers), np.nan)
    return geodesic_km(wish.point.lat, wish.point.lon, snapshot.lat[offers], snapshot.lon[offers])


def _match(snapshot: Snapshot, wish: Wish, moment: Moment, offer: int, km: float, missing: Sequence[str] = ()) -> Match:
    service, place = snapshot.services[snapshot.service_of[offer]], snapshot.places[offer]
    distance = None if np.isnan(km) else km
    given = (
        reason
        for reason in reasons(service, place, snapshot.weeks[offer], wish, moment, distance)
        if reason.code.partition(".")[0] not in missing
    )
    why = (*(Reason(f"missing.{code}") for code in missing), *given)
    return Match(
        id=service.id,
        name=service.name,
        category=wish.category.slug,
        area=place.municipality if place else None,
        distance_km=distance,
        reasons=tuple(why),
        place_id=place.id if place else None,
        service=service,
    )


def _next_best(snapshot: Snapshot, wish: Wish, moment: Moment, offered: Ints, shelf: slice, passed: Mapping[str, Bools]) -> Found:
    """Those of the offered (positions on the shelf) that miss least, nearest first."""
    misses = np.sum([~mask[offered] for mask in passed.values()], axis=0)
    best: dict[str, Match] = {}
    for count in np.unique(misses):
        level = offered[misses == count] + shelf.start
        for offer, km in _nearest_services(snapshot, wish, level, NEXT_BEST):
            missing = [code for code, mask in passed.items() if not mask[offer - shelf.start]]
            found = _match(snapshot, wish, moment, offer, km, missing)
            if len(best) < NEXT_BEST:
                best.setdefault(found.id, found)
        if len(best) == NEXT_BEST:
            break
    codes = {
        reason.code.removeprefix("missing.") for found in best.values() for reason in found.reasons if reason.code.startswith("missing.")
    }
    return Found((), tuple(best.values()), tuple(code for code in passed if code in codes))
