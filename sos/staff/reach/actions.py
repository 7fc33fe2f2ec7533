"""Prove, link and remove ways to a member; write to them. A message to staff never expires, asks no survivor's safe contact, and says no more
than that a task waits. Addresses stand nowhere in the clear; a way that fails is tried again and hinders no other.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, case, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.types import new_id
from sos.encryption import CannotOpen, open_sealed, seal
from sos.keys.keystore import Keystore
from sos.outbox import actions as outbox
from sos.outbox.states import KeyKind, Lane
from sos.staff.keys import staff_index, staff_key
from sos.staff.members.queries import member
from sos.staff.reach import codes, guessing, numbers, queries, wording
from sos.staff.reach.errors import Registered, TooMany
from sos.staff.reach.models import CodeRow, WayRow
from sos.staff.reach.queries import Way
from sos.staff.reach.states import By, Fate

NEVER = datetime(9999, 12, 1, tzinfo=UTC)
"""When a message to staff becomes too old."""
DEAD_AFTER = 3
"""Failures in a row after which a way is shown as failing."""
_SHOWN_DIGITS = 3


class Reach:
    """The writes of this room."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def ways(self, conn: Connection, member_id: str) -> list[Way]:
        """Her verified ways."""
        return queries.ways(conn, member_id)

    def whose(self, conn: Connection, channel: str, address: str) -> str | None:
        """The member whose verified way this address is."""
        return queries.owner(conn, self._index(channel, address))

    def begin_sms(self, unit: Unit, member_id: str, number: str) -> Way:
        """Text a code to this number. Raises NotANumber, TooMany, Registered."""
        who = member(unit.conn, member_id)
        address = numbers.e164(number, (who.countries if who else ()) or ("XK", "RS"))
        if codes.asked_today(unit, member_id) >= codes.A_DAY:
            raise TooMany("Five codes a day: try again tomorrow.")
        holder = self.whose(unit.conn, By.SMS.value, address)
        if holder is not None:
            raise Registered("This number is registered already.")
        unproved = delete(WayRow).where(WayRow.member_id == member_id, WayRow.channel == By.SMS.value, WayRow.verified_at.is_(None))
        unit.conn.execute(unproved)
        way = self._add(unit, member_id, By.SMS, address)
        code = codes.texted(unit, self._keystore, member_id=member_id, way_id=way.id)
        self.send(unit, way, text=wording.code(code))
        return way

    def confirm(self, unit: Unit, member_id: str, code: str) -> bool:
        """Her number is proved by the code it got. At most five tries for a code."""
        way_id = codes.spend_texted(unit, self._keystore, member_id=member_id, code="".join(code.split()))
        if way_id is None:
            return False
        row = unit.conn.execute(select(WayRow.index).where(WayRow.id == way_id)).scalar()
        if row is None or queries.owner(unit.conn, row) is not None:  # proved by a colleague meanwhile
            return False
        unit.conn.execute(update(WayRow).where(WayRow.id == way_id).values(verified_at=unit.now))
        self._audit.record(unit, "reach.verified", subject=way_id, actor=member_id)
        return True

    def stand_in(self, unit: Unit, member_id: str, number: str) -> None:
        """Our own number (E.164) as the way of the daily test's stand-in, who is no member: no code is asked, since nobody is there."""
        about = self._index(By.SMS.value, number)
        unit.conn.execute(delete(WayRow).where(WayRow.member_id == member_id, WayRow.index != about))
        if queries.owner(unit.conn, about) is None:
            way = self._add(unit, member_id, By.SMS, number)
            unit.conn.execute(update(WayRow).where(WayRow.id == way.id).values(verified_at=unit.now))

    def telegram_code(self, unit: Unit, member_id: str) -> str:
        """A code that she sends to the bot once: `LINK <code>`."""
        return codes.shown(unit, self._keystore, member_id=member_id)

    def link(self, unit: Unit, chat: str, code: str) -> str | None:
        """This chat belongs to whose code it is; its member id, or None. A chat of a colleague moves to whoever has the code now."""
        member_id = codes.spend_shown(unit, self._keystore, code=code)
        if member_id is None:
            return None
        unit.conn.execute(delete(WayRow).where(WayRow.index == self._index(By.TELEGRAM.value, chat)))
        way = self._add(unit, member_id, By.TELEGRAM, chat)
        unit.conn.execute(update(WayRow).where(WayRow.id == way.id).values(verified_at=unit.now))
        self._audit.record(unit, "reach.linked", subject=way.id, actor=member_id)
        return member_id

    def remove(self, unit: Unit, member_id: str, way_id: str) -> bool:
        """She is not reached by this way any more."""
        gone = unit.conn.execute(delete(WayRow).where(WayRow.id == way_id, WayRow.member_id == member_id)).rowcount == 1
        if gone:
            self._audit.record(unit, "reach.removed", subject=way_id, actor=member_id)
        return gone

    def forget(self, unit: Unit, member_id: str) -> None:
        """Everything of somebody who left."""
        unit.conn.execute(delete(WayRow).where(WayRow.member_id == member_id))
        unit.conn.execute(delete(CodeRow).where(CodeRow.member_id == member_id))

    def ending(self, conn: Connection, way_id: str) -> str:
        """The last digits of a number, for its owner; empty for a chat, and where it does not open."""
        row = conn.execute(select(WayRow.channel, WayRow.address).where(WayRow.id == way_id)).one_or_none()
        if row is None or row.channel != By.SMS.value:
            return ""
        try:
            return self._address(way_id, row.address)[-_SHOWN_DIGITS:]
        except CannotOpen:
            return ""

    def send(
        self,
        unit: Unit,
        way: Way,
        *,
        text: str,
        code: str | None = None,  # noqa: ARG002
        button: str | None = None,
        buttons: Sequence[tuple[str, str]] = (),
    ) -> str:
        """Queue exactly `text` to her; returns the outbox id. `button`: the value of a "Take" to tap; `code` stands in the text already.

        `buttons`: (value, label) of others to tap, where her way has buttons.
        """
        sealed = unit.conn.execute(select(WayRow.address).where(WayRow.id == way.id)).scalar_one()
        body: dict[str, object] = {"text": text, "sound": True}
        if button and way.channel == By.TELEGRAM.value:
            buttons = ((button, wording.TAKE), *buttons)
        if buttons and way.channel == By.TELEGRAM.value:
            body["buttons"] = [{"value": value, "label": label} for value, label in buttons]
        return self._post(unit, way.id, way.channel, way.provider, self._address(way.id, sealed), body)

    def answer(self, unit: Unit, *, channel: str, provider: str, address: str, text: str, tap: str | None = None) -> None:
        """Answer whoever wrote a staff word, registered or not, where it came from. Makes nobody a survivor."""
        about = self._index(channel, address)
        row = unit.conn.execute(select(WayRow.id).where(WayRow.index == about, WayRow.verified_at.is_not(None))).first()
        self._post(unit, row.id if row else about.hex()[:32], channel, provider, address, {"text": text, "tap": tap})

    def may_try(self, unit: Unit, channel: str, address: str) -> bool:
        """Whether another code from this sender is looked at."""
        return guessing.may_try(unit, self._index(channel, address))

    def missed(self, unit: Unit, channel: str, address: str) -> bool:
        """Count a wrong code; False when the sender is not answered any more in this hour."""
        return guessing.missed(unit, self._index(channel, address))

    def fared(self, unit: Unit, way_id: str, fate: Fate) -> None:
        """What became of an attempt to reach her by this way: three failures in a row, or a refusal for good, show it as failing."""
        if fate in {Fate.SENT, Fate.DELIVERED}:
            well = {"failures": 0, "failing_since": None, "worked_at": unit.now}
            unit.conn.execute(update(WayRow).where(WayRow.id == way_id).values(well))
            return
        counted = DEAD_AFTER if fate is Fate.FAILED else case((WayRow.failures < 1000, WayRow.failures + 1), else_=WayRow.failures)
        unit.conn.execute(update(WayRow).where(WayRow.id == way_id).values(failures=counted))
        dead = update(WayRow).where(WayRow.id == way_id, WayRow.failures >= DEAD_AFTER, WayRow.failing_since.is_(None))
        if unit.conn.execute(dead.values(failing_since=unit.now)).rowcount:
            self._audit.record(unit, "reach.failing", subject=way_id)

    def left(self, unit: Unit, channel: str, address: str) -> None:
        """She stopped the bot: this chat gets nothing until she starts it again."""
        row = unit.conn.execute(select(WayRow.id).where(WayRow.index == self._index(channel, address))).scalar()
        if row is not None:
            self.fared(unit, row, Fate.FAILED)

    def _add(self, unit: Unit, member_id: str, by: By, address: str) -> Way:
        row = new_id()
        values = {
            "id": row,
            "member_id": member_id,
            "channel": by.value,
            "address": seal(staff_key(self._keystore), address.encode(), table="staff_ways", column="address", row=row),
            "index": self._index(by.value, address),
            "made_at": unit.now,
            "failures": 0,
        }
        unit.conn.execute(insert(WayRow).values(values))
        found = queries.way(unit.conn, row)
        if found is None:
            raise LookupError("way")
        return found

    def _post(self, unit: Unit, contact_id: str, channel: str, provider: str, address: str, body: Mapping[str, object]) -> str:
        return outbox.queue(
            unit,
            key=staff_key(self._keystore),
            key_kind=KeyKind.STAFF,
            survivor_id=None,
            contact_id=contact_id,
            channel=channel,
            provider=provider,
            address=address,
            body=json.dumps(body).encode(),
            lane=Lane.PAGE,
            expires_at=NEVER,
        )

    def _address(self, way_id: str, sealed: bytes) -> str:
        return open_sealed(staff_key(self._keystore), sealed, table="staff_ways", column="address", row=way_id).decode()

    def _index(self, channel: str, address: str) -> bytes:
        return staff_index(self._keystore, "address", f"{channel}\x1f{address}")
