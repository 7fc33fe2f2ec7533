"""A hotline in small: the real members, duty, reach, alerts and outbox over a real database; only her telephone is a list of what she was told."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from sos.alerts.actions import Alerts
from sos.alerts.book import ALERTS
from sos.alerts.escalation.policies import Policies
from sos.alerts.escalation.staffing import Staffing
from sos.alerts.models import AlertEntryRow
from sos.alerts.paging.models import PageRow
from sos.alerts.raising import Raised
from sos.alerts.states import Alert
from sos.audit.actions import Audit
from sos.clock import ManualClock
from sos.conversations.herald import CannotTell, Told
from sos.db.database import Database, Unit
from sos.deadlines.actions import fire_all_due
from sos.encryption import open_sealed
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.models import OutboxRow
from sos.outbox.states import Outbox
from sos.staff.duty.actions import Duty
from sos.staff.keys import staff_key
from sos.staff.members.actions import Members
from sos.staff.members.states import Role
from sos.staff.reach.actions import Reach
from sos.staff.reach.models import WayRow
from sos.staff.reach.states import By
from sos.survivors.address import Address, Channel

CONFIG = Path(__file__).parents[2] / "config" / "escalation"
CHANNELS = ("sms", "telegram")


@dataclass
class Telephone:
    """Hers: what she was told, in order. `silent`: safe contact lets nothing through."""

    told: list[Told] = field(default_factory=list)
    silent: bool = False

    def tell(self, unit: Unit, *, told: Told, alert_id: str, survivor_id: str | None, params: Mapping[str, object]) -> bool:
        if not self.silent:
            unit.on_commit(lambda: self.told.append(told))
        return not self.silent

    def write(self, unit: Unit, *, survivor_id: str, text: str, by: str, alias: str, first: bool) -> str:
        raise CannotTell

    def canned(self, unit: Unit, *, survivor_id: str, key: str, by: str, alias: str) -> str:
        raise CannotTell


@dataclass(frozen=True)
class Message:
    """A page as it stands in the outbox."""

    member_id: str
    channel: str
    text: str

    @property
    def code(self) -> str:
        found = re.search(r"TAKE \d+-(\d+)", self.text)
        assert found, self.text
        return found.group(1)


class Station:
    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock, *, policies: Path = CONFIG) -> None:
        self.database, self.keystore, self.clock = database, keystore, clock
        self.audit = Audit(keystore.audit_key)
        self.members, self.duty, self.reach = Members(keystore, self.audit), Duty(keystore, self.audit), Reach(keystore, self.audit)
        self.telephone = Telephone()
        self.closed: list[str] = []
        self.alerts = Alerts(
            keystore,
            self.audit,
            roster=Staffing(),
            pager=self.reach,
            herald=lambda: self.telephone,
            policies=Policies(policies),
            closing=lambda _, survivor_id: self.closed.append(survivor_id),
            load_cap=2,
        )
        self._numbers = 0

    def member(
        self,
        alias: str,
        *roles: Role,
        languages: Iterable[str] = ("sq", "sr", "en"),
        countries: Iterable[str] = ("XK", "RS"),
        on_duty: bool = False,
        ways: Iterable[str] = ("sms",),
    ) -> str:
        """An active member with verified ways."""
        with self.database.write() as unit:
            who = self.members.add(unit, alias, roles or (Role.OPERATOR,), languages, countries)
            self.members.join(unit, who)
            for way in ways:
                self._numbers += 1
                made = self.reach._add(unit, who, By(way), f"+38344000{100 + self._numbers}" if way == "sms" else f"7{self._numbers}")
                unit.conn.execute(update(WayRow).where(WayRow.id == made.id).values(verified_at=unit.now))
            if on_duty:
                self.duty.start_shift(unit, who)
        return who

    def sos(self, sender: str = "+38344000001", *, reason: str = "sos_word", words: str = "SOS", **more: object) -> Raised:
        with self.database.write() as unit:
            address = Address(Channel.SMS, sender)
            return self.alerts.raise_alert(unit, address=address, survivor_id=f"s{sender[-4:]}", reason=reason, words=words, **more)

    def act(self, name: str, *args: object, **more: object) -> object:
        with self.database.write() as unit:
            return getattr(self.alerts, name)(unit, *args, **more)

    def take_by_text(self, number: int, code: str) -> object:
        with self.database.write() as unit:
            return self.alerts.paging.acknowledge(unit, number, code)

    def pass_time(self, *, seconds: float, step: float = 5) -> None:
        """Time goes on, and the clockwork looks every few seconds."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < end:
            self.clock.set(min(end, self.clock.now() + timedelta(seconds=step)))
            self.work()

    def work(self) -> None:
        fire_all_due(self.database, self.alerts.handlers())
        with self.database.write() as unit:
            self.alerts.paging.follow(unit)

    def messages(self) -> list[Message]:
        """What waits to be sent to members, oldest first."""
        wanted = (
            select(OutboxRow.id, OutboxRow.body, OutboxRow.channel, PageRow.member_id)
            .join(PageRow, PageRow.outbox_id == OutboxRow.id)
            .where(OutboxRow.state == Outbox.WAITING.value)
            .order_by(OutboxRow.seq)
        )
        with self.database.read() as conn:
            rows = conn.execute(wanted).all()
        key = staff_key(self.keystore)
        return [
            Message(row.member_id, row.channel, json.loads(open_sealed(key, row.body, table="outbox", column="body", row=row.id))["text"])
            for row in rows
        ]

    def send(self, *, dead: Iterable[str] = (), delivered: bool = False, refused: Iterable[str] = ()) -> list[str]:
        """The gateways take what waits; a dead channel takes nothing, a refusing one fails for good. Returns the members reached."""
        reached = []
        with self.database.write() as unit:
            channels = [channel for channel in CHANNELS if channel not in set(dead)]
            for leased in outbox.claim(unit, holder="w", limit=1000, channels=channels):
                page = unit.conn.execute(select(PageRow.member_id).where(PageRow.outbox_id == leased.id)).scalar_one()
                if leased.channel in set(refused):
                    outbox.settle(unit, leased, Outbox.FAILED, why="refused")
                    continue
                outbox.settle(unit, leased, Outbox.SENT)
                if delivered:
                    unit.conn.execute(update(OutboxRow).where(OutboxRow.id == leased.id).values(state=Outbox.DELIVERED.value))
                reached.append(page)
        self.work()
        return reached

    def paged(self) -> set[str]:
        """Members whose page waits or was made in any way, console too."""
        with self.database.read() as conn:
            return set(conn.execute(select(PageRow.member_id)).scalars())

    def state(self, alert_id: str) -> Alert:
        with self.database.read() as conn:
            return Alert(conn.execute(select(ALERTS.c.state).where(ALERTS.c.id == alert_id)).scalar_one())

    def row(self, alert_id: str) -> object:
        with self.database.read() as conn:
            return conn.execute(select(ALERTS).where(ALERTS.c.id == alert_id)).one()

    def entries(self, alert_id: str, beginning: str = "") -> list[str]:
        with self.database.read() as conn:
            kinds = conn.execute(select(AlertEntryRow.kind).where(AlertEntryRow.alert_id == alert_id).order_by(AlertEntryRow.seq)).scalars()
            return [kind for kind in kinds if kind.startswith(beginning)]
