"""Nearest suitable service against a brute geodesic scan: p50 at 1,000 and 100,000 services, filters that 50%, 5% and 0.1% pass.

Both give the same five services in the same order, or the run fails. One JSON line a figure. `python -m bench.matching`
"""

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from pyproj import Geod

from sos.directory.categories import Categories
from sos.directory.entries import CoverageEntry, HoursEntry, OrganisationEntry, PlaceEntry, ServiceEntry
from sos.directory.matching.filters import Moment
from sos.directory.matching.hours import PublicHolidays
from sos.directory.matching.index import Snapshot, build
from sos.directory.matching.ranking import match
from sos.directory.matching.wish import Point, Wish
from sos.directory.states import Located

SHARES = {"50%": ("sq", 0.5), "5%": ("tr", 0.05), "0.1%": ("rom", 0.001)}
ASKED = 300
GEOD = Geod(ellps="WGS84")
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def directory(count: int, dice: random.Random) -> Snapshot:
    """So many services in Kosovo and Serbia, one category."""
    owner = OrganisationEntry("0", "bench")
    made = []
    for n in range(count):
        languages = frozenset(code for code, share in SHARES.values() if dice.random() < share)
        place = PlaceEntry(
            f"p{n}",
            f"l{n}",
            municipality="xk-peje",
            country="XK",
            latitude=dice.uniform(41.8, 46.2),
            longitude=dice.uniform(18.8, 23.0),
            located=Located.GIVEN,
        )
        made.append(
            ServiceEntry(
                f"{n:08d}",
                owner,
                f"s{n}",
                "legal_aid",
                places=(place,),
                languages=languages,
                coverage=(CoverageEntry("XK"),),
                hours=(HoursEntry(opens=480, closes=960),),
            )
        )
    return build(made, version=1, fold=str.casefold)


def brute(snapshot: Snapshot, wish: Wish) -> list[str]:
    """Every suitable service measured exactly, then sorted."""
    assert wish.point
    offers = np.flatnonzero(snapshot.languages[str(wish.language)])
    count = len(offers)
    _, _, metres = GEOD.inv(np.full(count, wish.point.lon), np.full(count, wish.point.lat), snapshot.lon[offers], snapshot.lat[offers])
    return [snapshot.services[snapshot.service_of[offers[n]]].id for n in np.argsort(metres, kind="stable")[: wish.limit]]


def p50(act: Callable[[Wish], object], wishes: list[Wish]) -> float:
    """Median microseconds."""
    taken = []
    for wish in wishes:
        start = time.perf_counter()
        act(wish)
        taken.append((time.perf_counter() - start) * 1e6)
    return statistics.median(taken)


def main() -> None:
    dice = random.Random(1)
    category = Categories.load(Path(__file__).parents[1] / "config/categories.toml").asked("legal_aid")
    moment = Moment(NOW, NOW.astimezone(ZoneInfo("Europe/Belgrade")), PublicHolidays())
    for count in (1_000, 100_000):
        start = time.perf_counter()
        snapshot = directory(count, dice)
        print(json.dumps({"figure": "index built", "services": count, "seconds": round(time.perf_counter() - start, 2)}))
        for share, (language, _) in SHARES.items():
            wishes = [
                Wish(category, Point(dice.uniform(42, 43.2), dice.uniform(20, 21.8)), "xk-peje", "XK", language=language)
                for _ in range(ASKED if count < 10_000 else ASKED // 5)
            ]
            for wish in wishes[:20]:
                found = match(snapshot, wish, moment)
                if found.matches and [one.id for one in found.matches] != brute(snapshot, wish):
                    raise SystemExit("the order is not the geodesic order")
            ours = p50(lambda wish, s=snapshot: match(s, wish, moment), wishes)
            theirs = p50(lambda wish, s=snapshot: brute(s, wish), wishes)
            line = {"figure": "match p50", "services": count, "pass": share, "us": round(ours), "brute_us": round(theirs)}
            print(json.dumps(line | {"brute_over_ours": round(theirs / ours, 2)}))


if __name__ == "__main__":
    main()
