"""The whole application on each database, with a clock that moves only when told to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from sos.clock import ManualClock
from sos.factory import House, create_app
from sos.keys.keystore import Keystore


@pytest.fixture
def app(tmp_path: Path, database_url: str, clock: ManualClock) -> Iterator[Flask]:
    Keystore.create(tmp_path / "keys", now=clock.now())
    made = create_app(Settings.from_environ({"SOS_INSTANCE": str(tmp_path), "SOS_DATABASE_URL": database_url}), clock)
    made.testing = True
    yield made
    house: House = made.extensions["sos"]
    house.database.dispose()


@pytest.fixture
def house(app: Flask) -> House:
    found: House = app.extensions["sos"]
    return found
