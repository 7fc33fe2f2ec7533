"""A line with a real conversation on it, and Ana who writes."""

import pytest

from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from tests.bot.talking import Line, Person


@pytest.fixture
def line(database: Database, keystore: Keystore, clock: ManualClock) -> Line:
    return Line(database, keystore, clock)


@pytest.fixture
def ana(line: Line) -> Person:
    return line.person()
