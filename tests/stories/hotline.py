"""The other side of the line in stories: somebody on duty, and a post that leaves when told to, through delivery's own claim and settlement."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from sos.conversations.actions import transcript
from sos.deadlines.actions import fire_due
from sos.outbox.models import OutboxRow
from sos.outbox.parcels import Outcome
from sos.staff.members.states import Role
from sos.texts.gate import refusal
from sos.worker.delivery import Delivery
from sos.worker.schedule import handlers
from tests.bot.talking import Line, Person


def on_duty(line: Line, alias: str = "Ana", *, at_work: bool = True) -> str:
    """An operator; with a started shift, unless she is at home. Returns her id."""
    rooms = line.rooms
    with rooms.database.write() as unit:
        member_id = rooms.members.add(unit, alias, [Role.OPERATOR], ["sq", "sr", "en"], ["XK", "RS"])
        rooms.members.join(unit, member_id)
        if at_work:
            rooms.duty.start_shift(unit, member_id)
    return member_id


def alert_of(line: Line) -> str:
    """The id of the newest alert."""
    from sos.alerts.models import AlertRow

    with line.rooms.database.read() as conn:
        return str(conn.execute(select(AlertRow.id).order_by(AlertRow.number.desc()).limit(1)).scalar_one())


def time_passes(line: Line, **much: float) -> None:
    """The clock goes on, and what is due fires."""
    line.clock.advance(**much)
    while fire_due(line.rooms.database, handlers(line.rooms)):
        pass


@dataclass
class Post:
    """What leaves for her: texts in the order of leaving."""

    line: Line
    left: list[str] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        rooms = self.line.rooms
        self.delivery = Delivery(
            database=rooms.database,
            keystore=rooms.keystore,
            survivors=rooms.survivors,
            tasks=rooms.tasks,
            wake=rooms.wake,
            holder="w1",
            open_senders=lambda: None,  # type: ignore[arg-type,return-value]
            is_neutral=lambda text: refusal(text, neutral=True, not_neutral=rooms.texts.telling_words()) is None,
        )
        self.delivery._senders = {"sms": {"generic": None}, "telegram": {"telegram": None}}  # type: ignore[dict-item]

    def leaves(self) -> list[str]:
        """Send what may leave now; only what is for her."""
        before = len(self.left)
        while parcels := self.delivery._claim_fairly(32, only_sos=False):
            for parcel in parcels:
                if parcel.leased.survivor_id is not None and "text" in parcel.body:
                    self.left.append(parcel.body["text"])
                    self.providers.append(parcel.leased.provider)
            self.delivery._settle([(parcel.leased, Outcome(sent=True)) for parcel in parcels])
        return self.left[before:]


def states(line: Line, survivor_id: str) -> list[tuple[str, str | None]]:
    """(state, why) of everything that was ever queued for her."""
    with line.rooms.database.read() as conn:
        wanted = select(OutboxRow.state, OutboxRow.why).where(OutboxRow.survivor_id == survivor_id).order_by(OutboxRow.seq)
        return [(row.state, row.why) for row in conn.execute(wanted)]


def her_id(person: Person) -> str:
    """Who she is to us."""
    with person.line.rooms.database.read() as conn:
        known = person.line.rooms.survivors.find(conn, person.address)
        assert known is not None
        return known.id


def lines(person: Person) -> list[dict[str, Any]]:
    """Her transcript, opened."""
    with person.line.rooms.database.read() as conn:
        known = person.line.rooms.survivors.find(conn, person.address)
        assert known is not None
        return [one.body for one in transcript(conn, survivor_id=known.id, key=known.key.raw)]
