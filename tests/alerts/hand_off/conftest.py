"""Rooms over a real database, with an alert that somebody raised."""

from pathlib import Path

import pytest

from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.rooms import Rooms
from sos.survivors.address import Address, Channel

CONFIG = Path(__file__).parents[3] / "config"
HER = Address(Channel.SMS, "+38344000101")


@pytest.fixture
def rooms(database: Database, keystore: Keystore, clock: ManualClock) -> Rooms:
    return Rooms(database=database, keystore=keystore, clock=clock, config=CONFIG, demo=True)


@pytest.fixture
def alert_id(rooms: Rooms) -> str:
    with rooms.database.write() as unit:
        known = rooms.survivors.meet(unit, HER, "generic")
        return rooms.alerts.raise_alert(unit, address=HER, survivor_id=known.id, reason="sos_word", words="SOS").id
