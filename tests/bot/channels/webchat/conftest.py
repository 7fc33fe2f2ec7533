"""The door without a browser: Flask's own client on a real database."""

import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config.settings import Settings
from sos.bot.channels.webchat import door
from sos.bot.channels.webchat.waiting import Waiters
from sos.clock import ManualClock
from sos.factory import House, create_app
from sos.keys.keystore import Keystore


@pytest.fixture
def app_at(
    tmp_path: Path, sqlite_template: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], FlaskClient]]:
    """A client of an installation that is reached at this address. No worker runs: who waits does so for a moment only."""
    monkeypatch.setattr(door, "Waiters", partial(Waiters, at_most=0.0))
    houses: list[House] = []

    def make(public_url: str) -> FlaskClient:
        folder = tmp_path / f"instance-{len(houses)}"
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "sos.db")
        Keystore.create(folder / "keys", now=clock.now())
        app = create_app(Settings.from_environ({"SOS_INSTANCE": str(folder), "SOS_PUBLIC_URL": public_url}), clock)
        houses.append(app.extensions["sos"])
        return app.test_client()

    yield make
    for house in houses:
        house.database.dispose()


@pytest.fixture
def client(app_at: Callable[[str], FlaskClient]) -> FlaskClient:
    return app_at("")


def form_of(html: str) -> str:
    """The id of the form in this page."""
    found = re.search(r'id="write".*?name="form" value="([^"]+)"', html, re.DOTALL)
    assert found
    return found.group(1)
