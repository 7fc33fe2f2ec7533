"""Vaults that differ in everything hidden, and a stranger who asks everything that can be asked without a grant."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select

from sos.api.hsds import Directory, blueprint
from sos.db.database import Database, Unit
from sos.directory import queries
from sos.directory.demonstration.loading import load_demonstration
from sos.directory.entries import CapacityEntry, CoverageEntry, HiddenEntry, HoursEntry
from sos.directory.exchange import csv_out, hsds_out
from sos.directory.matching.answer import Matched, answer
from sos.directory.matching.filters import Moment
from sos.directory.matching.index import Snapshot
from sos.directory.matching.live import LiveIndex
from sos.directory.matching.telling import Teller
from sos.directory.matching.wish import Point, Wish
from sos.directory.states import Papers, ServiceStatus, Whom
from sos.geo.gazetteer import Gazetteer
from sos.geo.naming import folded_name
from sos.shelters.actions import Vault
from sos.shelters.models import HiddenService
from sos.texts.catalogue import Texts
from tests.directory.builders import CATEGORIES, CONFIG, JURISDICTIONS, ZONE, a_place, a_service

GAZETTEER = Gazetteer.load()
TEXTS = Texts.load(CONFIG / "languages")
PLACES = [
    "xk-peje",
    "xk-prizren",
    "xk-prishtine",
    "xk-mitrovice",
    "xk-leposaviq",
    "rs-vranje",
    "rs-tutin",
    "rs-leskovac",
    "rs-medijana",
    "rs-presevo",
]
Answering = Callable[[Snapshot, Wish, Moment], Matched]


def hidden_entries(seed: int, count: int) -> list[HiddenEntry]:
    """`count` confidential services; everything about them depends on the seed."""
    dice = random.Random(seed)
    made = []
    for n in range(count):
        area = dice.choice(PLACES)
        town = GAZETTEER.municipality(area)
        assert town is not None
        made.append(
            HiddenEntry(
                a_service(
                    seed * 1000 + n,
                    name=f"House {dice.random()}",
                    category=dice.choice(["shelter", "trafficking"]),
                    status=dice.choice(list(ServiceStatus)),
                    places=(a_place(seed * 1000 + n, lat=town.lat + dice.random() / 50, lon=town.lon, municipality=area, city=town.name),),
                    capacities=(CapacityEntry("bed", dice.randint(0, 9), 12, datetime(2026, 11, dice.randint(1, 23), 8, tzinfo=UTC)),),
                    boys_maximum_age=dice.choice([None, 3, 12, 17]),
                    languages=frozenset(dice.sample(["sq", "sr", "tr", "bs", "rom"], 2)),
                    accepts=frozenset(dice.sample(list(Whom), 3)),
                    papers=dice.choice(list(Papers)),
                    step_free=dice.choice([None, True, False]),
                    hours=dice.choice([(), (HoursEntry(opens=0, closes=1440),)]),
                    coverage=(CoverageEntry(dice.choice(PLACES)),),
                ),
                front_gate=f"+383 00 {dice.randint(100, 999)} 000",
                published_area=dice.choice([(), ("XK",), ("RS",), (area,)]),
            )
        )
    return made


def swap(unit: Unit, vault: Vault, entries: list[HiddenEntry]) -> None:
    """Replace everything hidden."""
    for service_id in list(unit.conn.execute(select(HiddenService.id)).scalars()):
        vault.forget(unit, service_id)
    for entry in entries:
        vault.keep(unit, entry)


class Stranger:
    """Somebody without a grant. Asks the same questions again from the same seed; clock and chance are given."""

    def __init__(self, database: Database, *, now: datetime, answering: Answering | None = None) -> None:
        self._database = database
        self._now = now
        self._live = LiveIndex(folded_name, ZONE)
        self._answering = answering or (lambda snapshot, wish, moment: answer(snapshot, wish, moment, JURISDICTIONS))
        self._client = _client(database.read, self._live)

    def hears(self, questions: int, *, seed: int) -> Iterator[bytes]:
        """The answers to so many questions: one in forty to the API, the others to matching; then both exports."""
        dice = random.Random(seed)
        for n in range(questions):
            yield self._asks_the_api(dice) if n % 40 == 0 else self._asks_for_a_match(dice)
        yield from self.exports()

    def exports(self) -> Iterator[bytes]:
        with self._database.read() as conn:
            entries = queries.services(conn)
        yield json.dumps(hsds_out.exported(entries, CATEGORIES)).encode()
        yield csv_out.exported(entries).encode()

    def _asks_for_a_match(self, dice: random.Random) -> bytes:
        wish = a_random_wish(dice)
        moment = self._live.moment(self._now + timedelta(minutes=dice.randint(-50_000, 50_000)))
        with self._database.read() as conn:
            matched = self._answering(self._live.snapshot(conn), wish, moment)
        return as_bytes(matched, dice.choice(["sq", "sr", "en"])) if dice.random() < 0.2 else repr(matched).encode()

    def _asks_the_api(self, dice: random.Random) -> bytes:
        path = dice.choice(
            ["", "services", "organizations", "service_at_locations", "taxonomy_terms", "services/" + a_service(dice.randint(0, 9000)).id]
        )
        query = dice.choice(
            ["", "?search=house", "?taxonomy_term_id=shelter", "?full=true&per_page=3", "?page=2&per_page=9", "?per_page=5", "?page=0"]
        )
        answered = self._client.get(f"/api/v1/{path}{query}")
        return repr((answered.status_code, sorted(answered.headers.items()))).encode() + answered.data


def a_random_wish(dice: random.Random) -> Wish:
    area = dice.choice(PLACES)
    town = GAZETTEER.municipality(area)
    assert town is not None
    anywhere = Point(town.lat + dice.uniform(-0.3, 0.3), town.lon + dice.uniform(-0.3, 0.3))
    known = dice.random() < 0.8
    return Wish(
        category=dice.choice([*CATEGORIES.offered(), *([CATEGORIES.by_slug["shelter"]] * 10)]),
        point=anywhere if dice.random() < 0.9 else None,
        municipality=area if known else None,
        country=town.country if known else None,
        children=dice.choice([0, 0, 1, 4]),
        boy_age=dice.choice([None, None, 2, 13]),
        accepts=frozenset(dice.sample(list(Whom), dice.choice([0, 0, 1]))),
        language=dice.choice([None, None, "sq", "sr", "tr"]),
        step_free=dice.random() < 0.2,
        no_papers=dice.random() < 0.2,
        free=dice.random() < 0.2,
        open_now=dice.random() < 0.3,
        avoid=frozenset(dice.sample(PLACES, dice.choice([0, 0, 2]))),
        farther_than_km=dice.choice([0, 0, 20]),
        limit=dice.choice([1, 3, 5, 50]),
    )


def as_bytes(matched: Matched, language: str | None) -> bytes:
    """The answer as the terminal prints it."""
    teller = Teller(TEXTS, GAZETTEER, language)
    shown = {
        "matches": [teller.plain(one) for one in matched.matches],
        "next_best": [teller.plain(one) for one in matched.next_best],
        "missing": matched.missing,
        "hotlines": [number.plain() for number in matched.hotlines],
    }
    return json.dumps(shown, ensure_ascii=False).encode()


def fill(database: Database, key: bytes) -> None:
    """The demonstration, public and hidden."""
    with database.write() as unit:
        load_demonstration(unit, Vault(key), categories=CATEGORIES, book=lambda: GAZETTEER, production=False)


def closed(entries: list[HiddenEntry]) -> list[HiddenEntry]:
    """The same services, all full and shut."""
    shut = {"status": ServiceStatus.TEMPORARILY_CLOSED, "capacities": ()}
    return [replace(entry, service=replace(entry.service, **shut)) for entry in entries]


def _client(read: Callable[[], AbstractContextManager[Connection]], live: LiveIndex) -> FlaskClient:
    app = Flask("api")
    app.register_blueprint(blueprint(Directory(read, lambda: live, lambda: CATEGORIES)))
    return app.test_client()
