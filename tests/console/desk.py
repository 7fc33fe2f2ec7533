"""A night at the desk for tests of its pages: members on duty, a woman who writes, an SOS. Everything real but the clock and the gateway."""

import json
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from sos.bot.flows.sos import RAISED_HERE
from sos.conversations.actions import Direction
from sos.factory import House
from sos.outbox.models import OutboxRow
from sos.staff.members.states import Role
from sos.survivors.actions import Known
from sos.survivors.address import Address, Channel
from tests.console.signed_in import add_member, sign_in

HER = Address(Channel.SMS, "+38344000101")
WORDS = "Помозите, он је пред вратима"


@dataclass
class Desk:
    """The application with somebody on duty."""

    app: Flask
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.app.extensions["sos"]

    def prepare(self) -> None:
        with self.house.database.read() as conn:
            conn.execute(select(1))

    def member(self, alias: str, *roles: Role, on_duty: bool = True) -> FlaskClient:
        """A browser of this member, signed in; on duty unless said otherwise."""
        self.ids[alias] = add_member(self.house.rooms, alias=alias, roles=roles or (Role.OPERATOR,))
        if on_duty:
            with self.house.database.write() as unit:
                self.house.rooms.duty.start_shift(unit, self.ids[alias])
        return sign_in(self.app, self.ids[alias])

    def she_writes(self, text: str, address: Address = HER) -> Known:
        """A line of hers, recorded as the conversation does; opens her reply window."""
        with self.house.database.write() as unit:
            known = self.house.rooms.survivors.meet(unit, address, "generic")
            self.house.rooms.conversations.record(
                unit,
                {"text": text, "kind": "text"},
                survivor_id=known.id,
                key=known.key.raw,
                contact_id=known.contact_id,
                direction=Direction.IN,
            )
        return known

    def sos(self, text: str = WORDS, *, reason: str = "at_the_door", address: Address = HER) -> int:
        """An SOS of hers; its number."""
        known = self.she_writes(text, address)
        with self.house.database.write() as unit:
            state = {"language": "sr", "introduced": "done", "step": "sos", "told": [RAISED_HERE], "at": unit.now.isoformat()}
            self.house.rooms.conversations.keep_state(unit, state, survivor_id=known.id, key=known.key.raw)
            raised = self.house.rooms.alerts.raise_alert(unit, address=address, survivor_id=known.id, reason=reason, words=text)
        return raised.number

    def state(self, number: int) -> str:
        from sos.alerts.models import AlertRow

        with self.house.database.read() as conn:
            return str(conn.execute(select(AlertRow.state).where(AlertRow.number == number)).scalar_one())

    def told(self, number: int) -> list[str]:
        """What she was told of its course, or was not, in order."""
        from sos.alerts.models import AlertEntryRow, AlertRow

        wanted = select(AlertEntryRow.kind).join(AlertRow, AlertRow.id == AlertEntryRow.alert_id).where(AlertRow.number == number)
        with self.house.database.read() as conn:
            kinds = conn.execute(wanted.order_by(AlertEntryRow.seq)).scalars().all()
        return [kind for kind in kinds if "told." in kind]

    def on_the_way(self) -> list[tuple[str, str]]:
        """(lane, state) of what is queued for her."""
        with self.house.database.read() as conn:
            rows = conn.execute(select(OutboxRow.lane, OutboxRow.state).where(OutboxRow.survivor_id.is_not(None)).order_by(OutboxRow.seq))
            return [(row.lane, row.state) for row in rows]


def pulse(client: FlaskClient) -> dict[str, object]:
    return json.loads(client.get("/staff/pulse").data)
