"""Start and end shifts, plan the rota, change it, open a calendar address. Never says why somebody is away; tells whoever must know of every change."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.encryption import CannotOpen, open_sealed, seal
from sos.keys.keystore import Keystore
from sos.staff.duty import queries, rota
from sos.staff.duty.errors import BadTurn
from sos.staff.duty.models import ChangeRow, FeedRow, ShiftRow, TurnRow
from sos.staff.duty.rota import Turn
from sos.staff.duty.states import ChangeKind, TurnKind
from sos.staff.keys import staff_index, staff_key

LONGEST_STAY = timedelta(hours=16)
MOST_LETTERS = 2000
_SHOWN_NOTES = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody left for the next shift."""

    member_id: str
    at: datetime
    text: str = field(repr=False)


class Duty:
    """The writes of this room. `changed`: told, in the same transaction, whenever who stands when may have changed."""

    def __init__(self, keystore: Keystore, audit: Audit, *, changed: Sequence[Callable[[Unit], None]] = ()) -> None:
        self._keystore = keystore
        self._audit = audit
        self._changed = changed

    def start_shift(self, unit: Unit, member_id: str, *, until: datetime | None = None) -> str:
        """She is at work from now; returns the shift's id. Again while it is open means "I am still here". Raises BadTurn."""
        if until is not None and not unit.now < until <= unit.now + LONGEST_STAY:
            raise BadTurn("A shift ends after now, and within 16 hours.")
        here = queries.shift_of(unit.conn, member_id)
        if here is not None and unit.now < here.stands_until:
            unit.conn.execute(update(ShiftRow).where(ShiftRow.id == here.id).values(seen_at=unit.now, until=until))
            self._tell(unit)
            return here.id
        if here is not None:  # forgotten: it ended when it ceased to count
            unit.conn.execute(update(ShiftRow).where(ShiftRow.id == here.id).values(ended_at=here.stands_until))
        shift = new_id()
        values = {"id": shift, "member_id": member_id, "started_at": unit.now, "seen_at": unit.now, "until": until}
        unit.conn.execute(insert(ShiftRow).values(values))
        self._audit.record(unit, "duty.shift_started", subject=shift, actor=member_id)
        self._tell(unit)
        return shift

    def end_shift(self, unit: Unit, member_id: str, note: str = "") -> bool:
        """She goes home. `note`: for whoever comes next, at most 2,000 letters. False when no shift of hers was open."""
        here = queries.shift_of(unit.conn, member_id)
        if here is None:
            return False
        words = note.strip()[:MOST_LETTERS]
        sealed = seal(staff_key(self._keystore), words.encode(), table="shifts", column="note", row=here.id) if words else None
        open_one = update(ShiftRow).where(ShiftRow.id == here.id, ShiftRow.ended_at.is_(None))
        if unit.conn.execute(open_one.values(ended_at=unit.now, note=sealed)).rowcount != 1:
            return False
        self._audit.record(unit, "duty.shift_ended", subject=here.id, actor=member_id)
        self._tell(unit)
        return True

    def notes(self, conn: Connection, now: datetime) -> list[Note]:
        """Hand-over notes of the last three days, the newest first."""
        wanted = select(ShiftRow.__table__).where(ShiftRow.note.is_not(None), ShiftRow.ended_at > now - _SHOWN_NOTES)
        found = []
        for row in conn.execute(wanted.order_by(ShiftRow.ended_at.desc(), ShiftRow.id)):
            try:
                text = open_sealed(staff_key(self._keystore), row.note, table="shifts", column="note", row=row.id).decode()
            except CannotOpen:
                continue
            found.append(Note(row.member_id, row.ended_at, text))
        return found

    def add_turn(
        self,
        unit: Unit,
        *,
        member_id: str,
        starts: str,
        ends: str,
        zone: str,
        by: str,
        repeat: str | None = None,
        kind: TurnKind = TurnKind.DUTY,
        languages: Sequence[str] = (),
    ) -> str:
        """Plan a turn, once or repeated; times are wall clock of `zone`, "2026-11-23T22:00". Returns its id. Raises BadTurn."""
        turn = Turn(new_id(), member_id, kind, zone, starts, ends, repeat or None, tuple(languages))
        rota.check(turn)
        if kind is TurnKind.INTERPRETER and not languages:
            raise BadTurn("An interpreter's turn names a language.")
        values = {
            "id": turn.id,
            "member_id": member_id,
            "kind": kind.value,
            "languages": " ".join(languages) or None,
            "zone": zone,
            "starts": starts,
            "ends": ends,
            "repeat": turn.repeat,
            "made_by": by,
            "made_at": unit.now,
        }
        unit.conn.execute(insert(TurnRow).values(values))
        self._audit.record(unit, "duty.turn_planned", subject=turn.id, actor=by)
        self._tell(unit)
        return turn.id

    def remove_turn(self, unit: Unit, turn_id: str, *, by: str) -> bool:
        """It comes no more; what has begun is kept. False when there is no such turn."""
        planned = update(TurnRow).where(TurnRow.id == turn_id, TurnRow.removed_at.is_(None))
        if unit.conn.execute(planned.values(removed_at=unit.now)).rowcount != 1:
            return False
        self._audit.record(unit, "duty.turn_removed", subject=turn_id, actor=by)
        self._tell(unit)
        return True

    def swap(self, unit: Unit, *, turn_id: str, occurrence: str, to: str | None, by: str) -> str:
        """Give one occurrence (wall clock of its start) to another member, or to nobody; returns the change's id. Raises BadTurn."""
        turn = next((turn for turn in queries.turns(unit.conn, planned=True) if turn.id == turn_id), None)
        if turn is None:
            raise BadTurn("This turn is not in the rota any more.")
        at = rota.from_wall(occurrence, turn.zone)
        if not any(one.wall == occurrence for one in rota.stand([turn], (), (), at, at + timedelta(minutes=1))):
            raise BadTurn("This turn does not come at that time.")
        return self._change(unit, {"kind": ChangeKind.SWAP.value, "turn_id": turn_id, "occurrence": occurrence, "member_id": to}, by)

    def absence(self, unit: Unit, *, member_id: str, starts: datetime, ends: datetime, by: str) -> str:
        """A member is away: her turns in this time stand open. Returns the change's id. Raises BadTurn."""
        if starts >= ends:
            raise BadTurn("An absence ends after it starts.")
        return self._change(unit, {"kind": ChangeKind.ABSENCE.value, "member_id": member_id, "starts_at": starts, "ends_at": ends}, by)

    def take_back(self, unit: Unit, change_id: str, *, by: str) -> bool:
        """Undo a change: the rota stands again as planned."""
        standing = update(ChangeRow).where(ChangeRow.id == change_id, ChangeRow.removed_at.is_(None))
        if unit.conn.execute(standing.values(removed_at=unit.now)).rowcount != 1:
            return False
        self._audit.record(unit, "duty.change_taken_back", subject=change_id, actor=by)
        self._tell(unit)
        return True

    def feed_token(self, unit: Unit, member_id: str) -> str:
        """A new secret for her calendar address, shown once; an earlier one opens nothing any more."""
        self.revoke_feed(unit, member_id)
        token = secrets.token_urlsafe(32)
        values = {"id": new_id(), "member_id": member_id, "token_index": self._token(token), "made_at": unit.now}
        unit.conn.execute(insert(FeedRow).values(values))
        self._audit.record(unit, "duty.feed_opened", subject=member_id, actor=member_id)
        return token

    def revoke_feed(self, unit: Unit, member_id: str) -> None:
        """Her calendar address opens nothing any more."""
        unit.conn.execute(update(FeedRow).where(FeedRow.member_id == member_id, FeedRow.revoked_at.is_(None)).values(revoked_at=unit.now))

    def forget(self, unit: Unit, member_id: str) -> None:
        """She left: her shift ends, her calendar closes; her turns stand no more, since only active members do."""
        self.end_shift(unit, member_id)
        self.revoke_feed(unit, member_id)
        self._tell(unit)

    def feed_owner(self, conn: Connection, token: str) -> str | None:
        """Whose calendar this is; None opens nothing."""
        return queries.feed_owner(conn, self._token(token))

    def _token(self, token: str) -> bytes:
        return staff_index(self._keystore, "feed", token)

    def _change(self, unit: Unit, values: dict[str, object], by: str) -> str:
        change = new_id()
        unit.conn.execute(insert(ChangeRow).values(values | {"id": change, "made_by": by, "made_at": unit.now}))
        self._audit.record(unit, f"duty.{values['kind']}", subject=change, actor=by)
        self._tell(unit)
        return change

    def _tell(self, unit: Unit) -> None:
        for hook in self._changed:
            hook(unit)
