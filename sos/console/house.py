"""What the staff's pages see of this process: database, clock, keys and rooms. Opens nothing by itself."""

from typing import Protocol

from sos.clock import Clock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.rooms import Rooms


class House(Protocol):
    """One process, as its pages see it."""

    @property
    def database(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def keystore(self) -> Keystore: ...
    @property
    def rooms(self) -> Rooms: ...
    @property
    def public_url(self) -> str: ...
