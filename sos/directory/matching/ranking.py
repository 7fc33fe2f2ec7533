"""Match a wish against the index: suitable services in exact geodesic order, or the next best and what is missing. Pure.

1. Offers of the category, without what she stays away from. 2. Those that pass every asked filter. 3. Nearest by chord, then exactly by
geodesic, ties by id; services without a point come last. 4. A service once, at its nearest suitable place. 5. None at all: the ones that
miss least, nearest first, each with what it misses.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from sos.directory.matching.filters import EXCLUDING, SUITING, Filter, Moment
from sos.directory.matching.geometry import Bools, Floats, Ints, ecef, geodesic_km, in_order, nearest
from sos.directory.matching.index import Snapshot
from sos.directory.matching.reasons import reasons
from sos.directory.matching.wish import Found, Match, Reason, Wish

NEXT_BEST = 3


def match(snapshot: Snapshot, wish: Wish, moment: Moment) -> Found:
    """At most `wish.limit` matches. Never raises for a wish that was made, never returns a blank: see `Found`."""
    offers = _all_offers(snapshot, wish, moment)
    if not len(offers):
        return Found((), (), ("category",))
    asked = [one for one in SUITING if one.asked(wish)]
    passed = {one.code: one.passes(snapshot, wish, moment, offers) for one in asked}
    suitable = offers[_all(passed.values(), len(offers))]
    chosen = _nearest_services(snapshot, wish, suitable, wish.limit)
    if chosen:
        return Found(tuple(_match(snapshot, wish, moment, offer, km) for offer, km in chosen))
    return _next_best(snapshot, wish, moment, offers, asked, passed)


def _all_offers(snapshot: Snapshot, wish: Wish, moment: Moment) -> Ints:
    offers = snapshot.by_category.get(wish.category.slug, np.empty(0, dtype=np.int64))
    if not wish.category.offered:
        return np.empty(0, dtype=np.int64)
    for one in EXCLUDING:
        if one.asked(wish):
            offers = offers[one.passes(snapshot, wish, moment, offers)]
    return offers


def _all(masks: Iterable[Bools], count: int) -> Bools:
    together = np.ones(count, dtype=bool)
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
    here = ecef(np.array([wish.point.lat]), np.array([wish.point.lon]))[0]
    away = snapshot.xyz[offers] - here
    return np.asarray(np.nan_to_num(np.einsum("ij,ij->i", away, away), nan=np.inf))


def _distances(snapshot: Snapshot, wish: Wish, offers: Ints) -> Floats:
    if wish.point is None:
        return np.full(len(offers), np.nan)
    lat, lon = snapshot.lat[offers], snapshot.lon[offers]
    known = ~np.isnan(lat)
    km = np.full(len(offers), np.nan)
    km[known] = geodesic_km(wish.point.lat, wish.point.lon, lat[known], lon[known])
    return km


def _match(snapshot: Snapshot, wish: Wish, moment: Moment, offer: int, km: float, missing: Sequence[str] = ()) -> Match:
    service, place = snapshot.services[snapshot.service_of[offer]], snapshot.places[offer]
    distance = None if np.isnan(km) else km
    given = (reason for reason in reasons(service, place, wish, moment, distance) if reason.code.partition(".")[0] not in missing)
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


def _next_best(snapshot: Snapshot, wish: Wish, moment: Moment, offers: Ints, asked: Sequence[Filter], passed: dict[str, Bools]) -> Found:
    misses = sum((~passed[one.code]).astype(np.int64) for one in asked)
    best: list[Match] = []
    seen: set[str] = set()
    for count in np.unique(np.asarray(misses)):
        level = np.flatnonzero(misses == count)
        at_offer = {int(offers[n]): int(n) for n in level}
        for offer, km in _nearest_services(snapshot, wish, offers[level], NEXT_BEST):
            missing = [one.code for one in asked if not passed[one.code][at_offer[offer]]]
            found = _match(snapshot, wish, moment, offer, km, missing)
            if found.id not in seen and len(best) < NEXT_BEST:
                seen.add(found.id)
                best.append(found)
        if len(best) == NEXT_BEST:
            break
    codes = {reason.code.removeprefix("missing.") for found in best for reason in found.reasons if reason.code.startswith("missing.")}
    return Found((), tuple(best), tuple(one.code for one in asked if one.code in codes))
