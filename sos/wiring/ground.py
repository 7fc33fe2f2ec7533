"""What every room stands on: keys, clock, audit, her own room, texts, places and the directory. Wiring only: decides nothing."""

from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from sos.audit.actions import Audit
from sos.clock import Clock
from sos.conversations.actions import Conversations
from sos.conversations.herald import Herald, Silent
from sos.db.database import Database, Unit
from sos.db.wake import Wake
from sos.directory.categories import Categories
from sos.directory.jurisdictions import Jurisdictions
from sos.directory.matching.answer import Matched, answer
from sos.directory.matching.live import LiveIndex
from sos.directory.matching.wish import Wish
from sos.geo.gazetteer import Gazetteer
from sos.geo.naming import folded_name
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from sos.shelters.matching import answer_operator
from sos.shelters.queries import Cards
from sos.staff.actions import Tasks
from sos.survivors.actions import Survivors
from sos.texts.catalogue import Texts


class Ground:
    """Opened lazily: what is heavy is built at its first use."""

    def __init__(self, *, database: Database, keystore: Keystore, clock: Clock, config: Path, demo: bool) -> None:
        self.database = database
        self.keystore = keystore
        self.clock = clock
        self.config = config
        self.demo = demo
        self.wake = Wake(database)
        self.herald: Herald = Silent()  # the bot's, where this process may write to her

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
    def tasks(self) -> Tasks:
        return Tasks(self.audit)

    @cached_property
    def texts(self) -> Texts:
        return Texts.load(self.config / "languages")

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer.load()

    @cached_property
    def categories(self) -> Categories:
        return Categories.load(self.config / "categories.toml")

    @cached_property
    def jurisdictions(self) -> Jurisdictions:
        return Jurisdictions.load(self.config / "jurisdictions")

    @cached_property
    def index(self) -> LiveIndex:
        return LiveIndex(folded_name, self.jurisdictions.zone(None))

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.keystore.place_key)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self.keystore.place_key)

    def _place_key(self) -> bytes:
        return self.keystore.place_key

    def match(self, conn: Connection, wish: Wish, now: datetime, *, without_authorities: bool = False) -> Matched:
        """Suitable public services as a survivor may see them, and the fixed line for confidential ones."""
        snapshot, moment = self.index.snapshot(conn), self.index.moment(now)
        return answer(snapshot, wish, moment, self.jurisdictions, without_authorities=without_authorities)

    def match_for_operator(self, conn: Connection, wish: Wish, now: datetime, *, without_authorities: bool = False) -> Matched:
        """Suitable services as an operator sees them: confidential ones by published area and front gate, never by place."""
        snapshot, moment = self.index.snapshot(conn), self.index.moment(now)
        cards = self.cards.all(conn)
        return answer_operator(snapshot, cards, wish, moment, self.jurisdictions, without_authorities=without_authorities)

    def closed(self, unit: Unit, survivor_id: str) -> None:
        """The last open thing of hers was closed: an erasure that waited for it goes on. The whole wiring knows how."""
        raise NotImplementedError

    def hold_ended(self, unit: Unit) -> None:
        """As `closed`, where nobody can tell whose it was."""
        raise NotImplementedError
