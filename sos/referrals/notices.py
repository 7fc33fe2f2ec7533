"""Tells people that something waits: "you have a new item" and nothing else (DOMAIN 40). No service, no name, no number of a referral."""

from collections.abc import Callable

from sqlalchemy import select

from sos.db.base import table_of
from sos.db.database import Unit
from sos.referrals.access import agency_index
from sos.referrals.consents.receipts import Recipient
from sos.referrals.models import ReferralRow
from sos.staff.actions import Tasks
from sos.staff.members.queries import members
from sos.staff.members.states import Role
from sos.staff.reach.actions import Reach
from sos.staff.states import TaskKind

NEW_ITEM = "You have a new item. Please open the console."
OVERDUE = "An item waits for you. Please open the console."
_REFERRALS = table_of(ReferralRow)


class StaffNotices:
    """`Notices` on the staff's own ways and tasks."""

    def __init__(self, place_key: Callable[[], bytes], tasks: Tasks, reach: Reach) -> None:
        self._place_key = place_key
        self._tasks = tasks
        self._reach = reach

    def new_item(self, unit: Unit, recipient: bytes, referral_id: str) -> None:  # noqa: ARG002 - which one, the console shows
        """To every member of the agency."""
        for member_id in self._of_agency(unit, recipient):
            self._say(unit, member_id, NEW_ITEM)

    def overdue(self, unit: Unit, recipient: bytes, referral_id: str, made_by: str) -> None:
        """To the agency, and to whoever sent it; for the hotline a task stands, too."""
        for member_id in {*self._of_agency(unit, recipient), made_by}:
            self._say(unit, member_id, OVERDUE)
        self._task(unit, TaskKind.REFERRAL_OVERDUE, referral_id)

    def group_refused(self, unit: Unit, referral_id: str) -> None:
        """A supervisor looks at it."""
        self._task(unit, TaskKind.GROUP_REFUSED, referral_id)
        for supervisor in members(unit.conn, role=Role.SUPERVISOR):
            self._say(unit, supervisor.id, NEW_ITEM)

    def tell_her(self, unit: Unit, survivor_id: str, by: str) -> None:
        """Something was shared or reported without her yes: she is told, or it is said why not."""
        self._tasks.leave(unit, kind=TaskKind.TELL_HER, survivor_id=survivor_id, by=by)

    def told_her(self, unit: Unit, survivor_id: str, by: str) -> None:
        """That task is done."""
        self._tasks.done_for(unit, TaskKind.TELL_HER, survivor_id, by)

    def _task(self, unit: Unit, kind: TaskKind, referral_id: str) -> None:
        survivor_id = unit.conn.execute(select(_REFERRALS.c.survivor_id).where(_REFERRALS.c.id == referral_id)).scalar()
        self._tasks.leave(unit, kind=kind, survivor_id=survivor_id)

    def _of_agency(self, unit: Unit, recipient: bytes) -> list[str]:
        key = self._place_key()
        found = [one for one in members(unit.conn) if one.service_id is not None]
        return [one.id for one in found if agency_index(key, Recipient("service", str(one.service_id))) == recipient]

    def _say(self, unit: Unit, member_id: str, text: str) -> None:
        for way in self._reach.ways(unit.conn, member_id):
            self._reach.send(unit, way, text=text)
