"""What makes a service suitable (DOMAIN 23), as a table: when a filter is asked, and which offers pass it.

Pure. `EXCLUDING` ones are never relaxed: what she stays away from appears nowhere (DOMAIN 22). `SUITING` ones may be relaxed for the next
best, which then says what is missing (DOMAIN 24). A filter only ever takes away.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sos.directory.matching.freshness import STALE_AFTER
from sos.directory.matching.geometry import Bools, Ints, farther_than, squared_chords
from sos.directory.matching.hours import DAY, IsHoliday
from sos.directory.matching.index import UNKNOWN, WHOM_BIT, Snapshot
from sos.directory.matching.wish import Wish
from sos.directory.states import Whom

MOST_REMEMBERED = 256
_OUTSIDE_EVERYONE = frozenset({Whom.PERPETRATORS, Whom.PETS, Whom.EVERYONE})


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and what the wall clock and the calendar say there."""

    now: datetime
    local: datetime
    """the wall clock; Kosovo and Serbia share one"""
    is_holiday: IsHoliday


@dataclass(frozen=True, slots=True)
class Filter:
    """`passes` gives one truth for each of the asked offers."""

    code: str
    asked: Callable[[Wish], bool]
    passes: Callable[[Snapshot, Wish, Moment, slice], Bools]


def _away(snapshot: Snapshot, wish: Wish, _: Moment, offers: slice) -> Bools:
    codes = [snapshot.municipality_code[area] for area in wish.avoid if area in snapshot.municipality_code]
    kept = ~np.isin(snapshot.municipality[offers], codes)
    named = [re.compile(_word(name)) for name in wish.avoid_names if name]
    if named or wish.avoid_services or wish.avoid_organisations:
        owners = snapshot.service_of[offers]
        barred = [n for n in np.unique(owners) if _barred(snapshot, wish, int(n), named)]
        kept &= ~np.isin(owners, barred)
    return np.asarray(kept)


def _barred(snapshot: Snapshot, wish: Wish, n: int, named: Sequence[re.Pattern[str]]) -> bool:
    service = snapshot.services[n]
    return (
        service.id in wish.avoid_services
        or service.organisation.id in wish.avoid_organisations
        or any(name.search(snapshot.names[n]) for name in named)
    )


def _word(name: str) -> str:
    """The name as a whole word, with the endings that Albanian and Serbian put on it; short names take one letter at most."""
    return rf"\b{re.escape(name)}" + (r"\w{0,3}\b" if len(name) > 4 else r"\w?\b")


def _farther(snapshot: Snapshot, wish: Wish, _: Moment, offers: slice) -> Bools:
    if wish.point is None:
        return np.ones(offers.stop - offers.start, dtype=bool)
    here = (wish.point.lat, wish.point.lon)
    chord2 = squared_chords(*here, snapshot.xyz[offers], snapshot.squares[offers])
    return farther_than(wish.farther_than_km, chord2, *here, snapshot.lat[offers], snapshot.lon[offers])


def _coverage(snapshot: Snapshot, wish: Wish, moment: Moment, offers: slice) -> Bools:
    today = moment.local.date().toordinal()
    key = (wish.municipality or "", wish.country or "", today)
    covered = snapshot.memo.get(key)
    if covered is None:
        if len(snapshot.memo) >= MOST_REMEMBERED:
            snapshot.memo.clear()
        covered = snapshot.memo[key] = _covered(snapshot, key)
    return covered[offers]


def _covered(snapshot: Snapshot, key: tuple[str, str, int]) -> Bools:
    *named, today = key
    areas = snapshot.areas
    covered = areas.everywhere.copy()
    for area in named:
        rows = areas.slices.get(str(area), slice(0, 0))
        held = (areas.starts[rows] <= today) & (int(today) <= areas.ends[rows])
        covered[areas.service[rows][held]] = True
    return covered[snapshot.service_of]


def _accepts(snapshot: Snapshot, wish: Wish, _: Moment, offers: slice) -> Bools:
    return accepts(snapshot.accepts[offers], wish.accepts)


def _children(snapshot: Snapshot, _: Wish, __: Moment, offers: slice) -> Bools:
    with_children = snapshot.accepts[offers]
    return accepts(with_children, frozenset({Whom.CHILDREN})) | accepts(with_children, frozenset({Whom.GIRLS, Whom.BOYS}))


def _boys_age(snapshot: Snapshot, wish: Wish, _: Moment, offers: slice) -> Bools:
    oldest = snapshot.boys_maximum_age[offers]
    unknown = oldest == UNKNOWN
    return np.asarray((oldest >= (wish.boy_age or 0)) | (unknown & (not wish.category.stays)))


def _step_free(snapshot: Snapshot, _: Wish, __: Moment, offers: slice) -> Bools:
    return snapshot.step_free[offers]


def _language(snapshot: Snapshot, wish: Wish, _: Moment, offers: slice) -> Bools:
    spoken = snapshot.languages.get(wish.language or "")
    return spoken[offers] if spoken is not None else np.zeros(offers.stop - offers.start, dtype=bool)


def _papers(snapshot: Snapshot, _: Wish, __: Moment, offers: slice) -> Bools:
    return snapshot.papers_none[offers]


def _cost(snapshot: Snapshot, _: Wish, __: Moment, offers: slice) -> Bools:
    return snapshot.free_of_cost[offers]


def _open(snapshot: Snapshot, _: Wish, moment: Moment, offers: slice) -> Bools:
    return open_offers(snapshot, moment)[offers]


def _free_capacity(snapshot: Snapshot, wish: Wish, _: Moment, offers: slice) -> Bools:
    if wish.category.slug not in snapshot.with_capacity:
        return np.ones(offers.stop - offers.start, dtype=bool)
    people = 1 + max(wish.children, 1 if wish.boy_age is not None else 0) if wish.category.stays else 1
    room = (snapshot.beds[offers] >= people) | (snapshot.rooms[offers] >= 1)
    return room | ~snapshot.has_capacity[offers]


def _fresh_capacity(snapshot: Snapshot, wish: Wish, moment: Moment, offers: slice) -> Bools:
    if wish.category.slug not in snapshot.with_capacity:
        return np.ones(offers.stop - offers.start, dtype=bool)
    age = moment.now.timestamp() - snapshot.confirmed[offers]
    own = snapshot.fresh_hours[offers]
    fresh_hours = np.where(np.isnan(own), wish.category.fresh_hours, own)
    return ~snapshot.has_capacity[offers] | (age <= STALE_AFTER * fresh_hours * 3600)


EXCLUDING = (
    Filter("away", lambda wish: bool(wish.avoid or wish.avoid_names or wish.avoid_services or wish.avoid_organisations), _away),
    Filter("farther", lambda wish: wish.farther_than_km > 0, _farther),
)
SUITING = (
    Filter("coverage", lambda wish: wish.municipality is not None or wish.point is not None, _coverage),
    Filter("accepts", lambda wish: bool(wish.accepts), _accepts),
    Filter("children", lambda wish: wish.category.stays and (wish.children > 0 or wish.boy_age is not None), _children),
    Filter("boys_age", lambda wish: wish.boy_age is not None, _boys_age),
    Filter("step_free", lambda wish: wish.step_free, _step_free),
    Filter("papers", lambda wish: wish.no_papers, _papers),
    Filter("language", lambda wish: wish.language is not None, _language),
    Filter("cost", lambda wish: wish.free, _cost),
    Filter("capacity", lambda _: True, _free_capacity),
    Filter("fresh", lambda _: True, _fresh_capacity),
    Filter("open", lambda wish: wish.open_now, _open),
)


def accepts(stated: Ints, wanted: frozenset[Whom]) -> Bools:
    """Whether each stated set (bits) takes all the wanted; EVERYONE takes all but perpetrators and pets. Unstated takes nobody."""
    bits = sum(WHOM_BIT[whom] for whom in wanted)
    named = (stated & bits) == bits
    if wanted & _OUTSIDE_EVERYONE - {Whom.EVERYONE}:
        return np.asarray(named)
    return np.asarray(named | ((stated & WHOM_BIT[Whom.EVERYONE]) != 0))


def open_offers(snapshot: Snapshot, moment: Moment) -> Bools:
    """All offers open at the moment: lines of today, and those of yesterday that run over midnight."""
    table = snapshot.timetable
    found = np.zeros(len(snapshot.service_of), dtype=bool)
    for back in (0, 1):
        day = moment.local.date() - timedelta(days=back)
        now = moment.local.hour * 60 + moment.local.minute + back * DAY
        ordinal, bit = day.toordinal(), 1 << day.weekday()
        on_day = ((table.days & bit) != 0) & (table.starts <= ordinal) & (ordinal <= table.ends)
        here = np.zeros(len(found), dtype=bool)
        here[table.offer[on_day & (table.opens <= now) & (now < table.closes)]] = True
        here[table.offer[on_day & (table.opens == UNKNOWN)]] = False
        for country, offers in snapshot.country.items():
            if moment.is_holiday(country, day):
                here &= ~(offers & snapshot.shut_on_holidays)
        found |= here
    return found
