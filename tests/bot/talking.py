"""A person and a phone on the real rooms: writes, and hears what is queued for her. Used by the stories of the conversation."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from sos.alerts.models import AlertEntryRow, AlertRow
from sos.bot.conversation import Conversation
from sos.bot.engine import State
from sos.bot.herald import BotHerald
from sos.bot.messages import Address, Channel, Incoming, Kind
from sos.clock import ManualClock
from sos.db.database import Database
from sos.db.types import new_id
from sos.encryption import open_sealed
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.rooms import Rooms
from sos.staff.models import TaskRow
from tests.bot.plain_desk import gazetteer, texts, understander

CONFIG = Path(__file__).resolve().parents[2] / "config"


class Line:
    """The conversation of one installation, with a demonstration directory."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock, config: Path = CONFIG) -> None:
        self.rooms = Rooms(database=database, keystore=keystore, clock=clock, config=config, demo=True)
        self.rooms.herald = BotHerald(self.rooms)
        self.rooms.load_demonstration()
        self.rooms.__dict__ |= {"gazetteer": gazetteer(), "texts": texts()}  # read once for all stories
        self.conversation = Conversation(self.rooms, understander())
        self.clock = clock

    def person(self, address: str = "+38344000101", channel: Channel = Channel.SMS) -> "Person":
        return Person(self, Address(channel, address))

    def count(self, model: type, *where: Any) -> int:
        with self.rooms.database.read() as conn:
            return conn.execute(select(func.count()).select_from(model).where(*where)).scalar_one()

    def alerts(self) -> int:
        return self.count(AlertRow)

    def tasks(self) -> set[str]:
        with self.rooms.database.read() as conn:
            return set(conn.execute(select(TaskRow.kind)).scalars())

    def entries(self) -> list[str]:
        with self.rooms.database.read() as conn:
            return list(conn.execute(select(AlertEntryRow.kind).order_by(AlertEntryRow.id.is_(None), AlertEntryRow.at)).scalars())


@dataclass
class Person:
    """Someone who writes to the line."""

    line: Line
    address: Address
    read: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)

    def sends(self, text: str = "", kind: Kind = Kind.TEXT, **more: Any) -> list[str]:
        """Write one message; what comes back."""
        rooms, conversation = self.line.rooms, self.line.conversation
        now = self.line.clock.now()
        incoming = Incoming(new_id(), self.address, "generic", now, text=text, kind=kind, **more)
        reading = conversation.read(incoming)
        with rooms.database.write() as unit:
            before = set(unit.conn.execute(select(OutboxRow.id)).scalars())
            conversation.take(unit, incoming, reading)
        heard = self._heard(before) if self.address.channel is not Channel.WEB else self._seen(now)
        self.read = [body["text"] for body in heard]
        self.bodies = heard
        return self.read

    def says(self, *texts: str) -> "Person":
        for text in texts:
            self.sends(text)
        return self

    def taps(self, value: str) -> list[str]:
        return self.sends(value, Kind.BUTTON)

    def _heard(self, before: set[str]) -> list[dict[str, Any]]:
        rooms = self.line.rooms
        with rooms.database.write() as unit:
            rows = unit.conn.execute(select(OutboxRow.__table__).order_by(OutboxRow.seq)).all()
            rows = [row for row in rows if row.id not in before]
            self.lanes = [row.lane for row in rows]
            found = []
            for row in rows:
                key = rooms.keystore.transit_key(row.id) if row.key_kind == "transit" else rooms.survivors.key_of(unit, row.survivor_id).raw
                found.append(json.loads(open_sealed(key, row.body, table="outbox", column="body", row=row.id)))
            return found

    def _seen(self, since: Any) -> list[dict[str, Any]]:
        from sos.conversations.actions import Direction, transcript

        with self.line.rooms.database.read() as conn:
            known = self.line.rooms.survivors.find(conn, self.address)
            said = transcript(conn, survivor_id=known.id, key=known.key.raw) if known else []
        ours = []
        for one in reversed(said):
            if one.direction is Direction.IN:
                break
            ours.insert(0, one.body)
        return ours

    @property
    def state(self) -> State:
        with self.line.rooms.database.write() as unit:
            known = self.line.rooms.survivors.meet(unit, self.address, "generic")
            return State.from_json(self.line.rooms.conversations.state(unit, survivor_id=known.id, key=known.key.raw))

    @property
    def all_read(self) -> str:
        return "\n".join(self.read)
