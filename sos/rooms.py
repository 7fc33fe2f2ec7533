"""The only wiring: builds each room once and hands it what it needs. Decides nothing, reads no environment."""

from functools import cached_property
from pathlib import Path

from sos.alerts.actions import Alerts
from sos.audit.actions import Audit
from sos.clock import Clock
from sos.conversations.actions import Conversations
from sos.db.database import Database
from sos.db.wake import Wake
from sos.geo.gazetteer import Gazetteer
from sos.keys.keystore import Keystore
from sos.privacy.epochs import Epochs
from sos.privacy.erasure import Erasure
from sos.staff.actions import Tasks
from sos.survivors.actions import Survivors
from sos.texts.catalogue import Texts


class Rooms:
    """All rooms of one process. What is heavy is built at its first use, so that a door that only takes messages in stays small."""

    def __init__(self, *, database: Database, keystore: Keystore, clock: Clock, config: Path) -> None:
        self.database = database
        self.keystore = keystore
        self.clock = clock
        self.config = config
        self.wake = Wake(database)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.keystore.audit_key)

    @cached_property
    def survivors(self) -> Survivors:
        return Survivors(self.keystore, self.audit)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations()

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(self.keystore, self.audit)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.audit)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self.survivors, self.conversations, self.alerts)

    @cached_property
    def epochs(self) -> Epochs:
        return Epochs(self.database, self.keystore, self.audit)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer.load()

    @cached_property
    def texts(self) -> Texts:
        return Texts.load(self.config / "languages")
