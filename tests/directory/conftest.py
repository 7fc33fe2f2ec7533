"""What exchange tests stand on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sos.db.database import Database
from sos.directory import queries
from sos.directory.entries import ServiceEntry
from sos.directory.exchange.csv_in import CsvReader
from sos.directory.exchange.hsds_in import HsdsReader
from sos.directory.exchange.importing import Report, csv_entries, hsds_rows, run
from sos.directory.exchange.locating import Locator
from sos.geo.gazetteer import Gazetteer
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from tests.directory.builders import CATEGORIES

Importing = Callable[..., Report]


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def bring_in(database: Database, keystore: Keystore, gazetteer: Gazetteer, tmp_path: Path) -> Importing:
    """Import text, bytes, JSON or a path, as HSDS or CSV."""

    def bring(content: Any, form: str = "csv", **how: Any) -> Report:
        path = tmp_path / f"given.{'csv' if form == 'csv' else 'json'}"
        if isinstance(content, Path):
            path = content
        elif isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            path.write_text(json.dumps(content), encoding="utf-8")
        locator = Locator(gazetteer)
        if form == "csv":
            rows = csv_entries(path, CsvReader(CATEGORIES, locator))
        else:
            rows = hsds_rows(path, HsdsReader(CATEGORIES, locator))
            how = {"later_holds": True} | how
        with database.write() as unit:
            return run(unit, rows, hidden=Vault(keystore.place_key), source="test", **how)

    return bring


@pytest.fixture
def held(database: Database) -> Callable[[], list[ServiceEntry]]:
    """Everything public that is in the directory."""

    def read() -> list[ServiceEntry]:
        with database.read() as conn:
            return queries.services(conn)

    return read
