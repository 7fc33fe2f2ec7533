"""A hotline with confidential shelters whose staff have telephones, behind a real inbox; names of the field, nothing invented but the numbers."""

import re
from dataclasses import dataclass

from sqlalchemy import func, select

from sos.alerts.models import AlertRow
from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines.actions import fire_due
from sos.directory.entries import HiddenEntry
from sos.keys.keystore import Keystore
from sos.outbox.models import OutboxRow
from sos.shelters.asks.states import Need
from sos.shelters.confirming.settings import Gatekeeper, ShelterSettings
from sos.shelters.units import queries as units
from sos.shelters.units.states import UnitKind, UnitState
from sos.staff.members.states import Role
from sos.staff.models import TaskRow
from sos.survivors.models import SurvivorRow
from sos.worker.schedule import handlers
from tests.bot.channels.test_intake import House
from tests.directory.builders import a_place, a_service
from tests.shelters.units_house import a_card
from tests.staff.reach.test_reach import code_in, sent_to_staff

CENTRE = Gatekeeper("Centre for Social Work", "+383 44 000 111 by day", "+383 44 000 112 by night")
CODE = re.compile(r"\b(\d{3}) (?:yes|ok)\b")


@dataclass
class Shelter:
    """One house and the telephone of its staff."""

    service_id: str
    member: str
    number: str


class Hotline(House):
    """Operator Mira; shelters as they are opened."""

    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        super().__init__(database, keystore, clock)
        self.rooms = self.line.rooms
        self.mira = self.member("Mira", Role.OPERATOR)
        self.heard = 0

    def member(self, alias: str, role: Role, service_id: str | None = None) -> str:
        with self.database.write() as unit:
            member = self.rooms.members.add(unit, alias, [role], ("sq", "sr"), ("XK", "RS"), service_id)
            self.rooms.members.join(unit, member)
        return member

    def shelter(self, n: int, *labels: str, gatekeeper: Gatekeeper | None = None, **card: object) -> Shelter:
        """A confidential house with these units and one member of its staff, whose number is registered."""
        service = a_service(n, name="House", category="shelter", places=(a_place(n),))
        member = self.member(f"Staff {n}", Role.SHELTER_STAFF, service.id)
        number = f"+3834400016{n}"
        with self.database.write() as unit:
            self.rooms.vault.keep(unit, HiddenEntry(service, front_gate="+383 44 000 101", published_area=("XK",)))
            for label in labels or ("F1", "F2", "S1"):
                self.rooms.units.add(unit, service.id, a_card(label, **card), by=member)
            chosen = ShelterSettings(gatekeeper=gatekeeper or Gatekeeper())
            self.rooms.confirming.choose(unit, service.id, chosen, by=member)
            self.rooms.confirming.confirm(unit, service.id, {}, by=member, via="page")
        with self.database.write() as unit:
            self.rooms.reach.begin_sms(unit, member, number)
        with self.database.write() as unit:
            assert self.rooms.reach.confirm(unit, member, code_in(self.rooms))
        self.news()
        return Shelter(service.id, member, number)

    def sos(self) -> str:
        """Somebody writes SOS; the id of her alert."""
        self.texts("SOS", sender="+38344000150")
        self.news()
        with self.database.read() as conn:
            return str(conn.execute(select(AlertRow.id)).scalar_one())

    def asks(self, need: Need, *rings: list[Shelter], case: str) -> str:
        with self.database.write() as unit:
            services = [[one.service_id for one in ring] for ring in rings]
            return self.rooms.asks.begin(unit, case=case, need=need, rings=services, by=self.mira)

    def asked_by_text(self, shelter: Shelter) -> str:
        """A question about its beds leaves now; its code."""
        with self.database.write() as unit:
            assert self.rooms.confirming.ask(unit, shelter.service_id) == 1
        return self.codes()[shelter.number]

    def news(self) -> list[tuple[str, str]]:
        """What was queued for staff since the last look."""
        new = [(to, str(body["text"])) for to, body in sent_to_staff(self.rooms, self.heard)]
        with self.database.read() as conn:
            self.heard = conn.execute(select(func.max(OutboxRow.seq))).scalar() or 0
        return new

    def codes(self) -> dict[str, str]:
        """Number -> the code that it may answer with, of all that is new."""
        return {to: found[1] for to, text in self.news() if (found := CODE.search(text))}

    def answers(self, shelter: Shelter, text: str) -> str:
        """What is written back."""
        self.news()
        self.texts(text, sender=shelter.number)
        mine = [text for to, text in self.news() if to == shelter.number]
        return mine[0] if mine else ""

    def passes(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        while fire_due(self.database, handlers(self.rooms)):
            pass

    def free(self, shelter: Shelter) -> dict[UnitKind, int]:
        with self.database.read() as conn:
            return dict(units.free(conn, self.keystore.place_key, shelter.service_id, self.clock.now().date()))

    def states(self, shelter: Shelter) -> dict[str, UnitState]:
        with self.database.read() as conn:
            return {one.card.label: one.state for one in units.kept(conn, self.keystore.place_key, shelter.service_id)}

    def tasks(self) -> list[str]:
        with self.database.read() as conn:
            return list(conn.execute(select(TaskRow.kind).where(TaskRow.state == "open").order_by(TaskRow.number)).scalars())

    def survivors(self) -> int:
        with self.database.read() as conn:
            return len(conn.execute(select(SurvivorRow.id)).all())
