"""People and agencies for tests of consents and referrals, on the real rooms and both databases."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sos.audit.actions import Audit
from sos.db.database import Database, Unit
from sos.keys.keystore import Keystore
from sos.referrals.access import Viewer
from sos.referrals.actions import Referrals
from sos.referrals.consents.actions import Consents
from sos.referrals.consents.receipts import Receipt, Recipient
from sos.referrals.consents.states import Field, Purpose
from sos.referrals.outside.links import Links
from sos.referrals.override.actions import Overrides
from sos.referrals.override.grounds import Ground, Grounds
from sos.referrals.reading import Reading
from sos.referrals.summaries.actions import Summaries
from sos.survivors.actions import Survivors
from sos.survivors.address import Address, Channel

ANA, MIRA = "a" * 32, "b" * 32
LEGAL_AID, SHELTER = Recipient("service", "1" * 32), Recipient("service", "2" * 32)
HOTLINE, LAWYER, WARDEN = Viewer(ANA), Viewer(MIRA, LEGAL_AID), Viewer("c" * 32, SHELTER)
_LAW = ("XK", "demo", "Demonstration law", "", "demonstration", "demonstration", date(2026, 11, 22), "")
GROUNDS = Grounds({"demo": Ground(*_LAW)}, {"demo": Ground(*_LAW)})
NEEDS = {Field.NEEDS: "a lawyer", Field.LANGUAGE: "sq"}


@dataclass
class Heard:
    """Who was told that something waits: ids only."""

    new: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def new_item(self, unit: Unit, recipient: bytes, referral_id: str) -> None:
        self.new.append(referral_id)

    def overdue(self, unit: Unit, recipient: bytes, referral_id: str, made_by: str) -> None:
        self.late.append(referral_id)

    def group_refused(self, unit: Unit, referral_id: str) -> None:
        self.refused.append(referral_id)


@dataclass
class Told:
    """For whom a task to tell her stands."""

    waits: list[str] = field(default_factory=list)

    def tell_her(self, unit: Unit, survivor_id: str, by: str) -> None:
        self.waits.append(survivor_id)

    def told_her(self, unit: Unit, survivor_id: str, by: str) -> None:
        self.waits = [one for one in self.waits if one != survivor_id]


def sharing_of(
    keystore: Keystore, survivors: Survivors, audit: Audit, *, closing: Callable[[Unit, str], None] = lambda unit, survivor_id: None
) -> tuple[Consents, Referrals, Overrides]:
    """The three that forget a person's sharing, with nobody who hears."""
    consents = Consents(survivors, audit)
    referrals = Referrals(lambda: keystore.place_key, survivors, consents, Heard(), audit, closing=closing)
    return consents, referrals, Overrides(survivors, referrals, GROUNDS, Told(), audit)


class Desk:
    """The rooms of this part, wired as in an installation."""

    def __init__(self, database: Database, keystore: Keystore) -> None:
        audit = Audit(keystore.audit_key)
        self.database, self.keystore, self.heard = database, keystore, Heard()
        self.survivors = Survivors(keystore, audit)
        self.consents = Consents(self.survivors, audit)
        self.referrals = Referrals(lambda: keystore.place_key, self.survivors, self.consents, self.heard, audit)
        self.told = Told()
        self.overrides = Overrides(self.survivors, self.referrals, GROUNDS, self.told, audit)
        self.summaries = Summaries(self.survivors, audit)
        self.reading = Reading(lambda: keystore.place_key, self.survivors, self.consents, audit)
        self.links = Links(lambda: keystore.place_key, self.referrals, self.reading, audit)

    def somebody(self, number: str = "+38344000101") -> str:
        with self.database.write() as unit:
            return self.survivors.meet(unit, Address(Channel.SMS, number), "generic").id

    def agrees(
        self,
        survivor: str,
        *,
        to: Recipient = LEGAL_AID,
        fields: frozenset[Field] = frozenset(NEEDS),
        until: datetime | None = None,
        purpose: Purpose = Purpose.ARRANGE,
    ) -> Receipt:
        with self.database.write() as unit:
            end = until or unit.now + timedelta(days=20)
            return self.consents.give(unit, survivor_id=survivor, recipient=to, fields=fields, purpose=purpose, until=end, by=ANA)

    def refer(self, survivor: str, *, to: Recipient = LEGAL_AID, values: dict[Field, str] | None = None) -> str:
        with self.database.write() as unit:
            return self.referrals.send(unit, survivor_id=survivor, recipient=to, values=NEEDS if values is None else values, by=ANA)

    def read(self, referral: str, viewer: Viewer = LAWYER) -> dict[Field, str] | None:
        with self.database.write() as unit:
            shown = self.reading.open(unit, referral, viewer)
        return dict(shown.fields) if shown else None

    def withdraw(self, survivor: str, code: str | None = None, *, verified: bool) -> int:
        with self.database.write() as unit:
            return self.consents.withdraw(unit, survivor, code=code, verified=verified)

    def sees(self, viewer: Viewer, referral: str, number: str) -> list[bool]:
        """By every way there is: list, count, search, opening."""
        now = self.database.clock.now()
        with self.database.read() as conn:
            listed = referral in [one.id for one in self.reading.items(conn, viewer, now)]
            counted = self.reading.count(conn, viewer, now) > 0
            found = self.reading.by_number(conn, viewer, now, number) is not None
        return [listed, counted, found, self.read(referral, viewer) is not None]

    def number(self, referral: str) -> str:
        now = self.database.clock.now()
        with self.database.read() as conn:
            return next(one.number for one in self.reading.items(conn, HOTLINE, now) if one.id == referral)
