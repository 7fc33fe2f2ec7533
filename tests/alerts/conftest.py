import pytest

from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from tests.alerts.station import Station


@pytest.fixture
def station(database: Database, keystore: Keystore, clock: ManualClock) -> Station:
    return Station(database, keystore, clock)
