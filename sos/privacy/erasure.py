"""ERASE: asks each room to forget. Nothing open: her key is destroyed in this transaction. Something open: everything is hidden from her
device now, and the key is destroyed when a person closes it, at most 72 hours later. The reply does not tell which (DOMAIN 11).
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from sos.alerts.actions import Alerts
from sos.alerts.check_ins.actions import CheckIns
from sos.alerts.check_ins.queries import open_of
from sos.alerts.states import Mark
from sos.conversations.actions import Conversations
from sos.db.database import Unit
from sos.deadlines.actions import Due, cancel, is_set, set_deadline, waiting_for
from sos.outbox import actions as outbox
from sos.privacy.held_rooms import is_room_held
from sos.referrals.actions import Referrals
from sos.referrals.consents.actions import Consents
from sos.referrals.override.actions import Overrides
from sos.staff.actions import Tasks
from sos.staff.states import TaskKind
from sos.survivors.actions import Known, Survivors
from sos.survivors.evidence import actions as evidence
from sos.survivors.safety_plan import actions as own_plan

AT_MOST = timedelta(hours=72)
KIND = "erase"


class Erasure:
    """The one way a person is forgotten."""

    def __init__(
        self,
        survivors: Survivors,
        conversations: Conversations,
        alerts: Alerts,
        tasks: Tasks,
        check_ins: CheckIns,
        consents: Consents,
        referrals: Referrals,
        overrides: Overrides,
        place_key: Callable[[], bytes],
        others: Iterable[Callable[[Unit, str], None]] = (),
    ) -> None:
        """`place_key`: opens the way from her cases to the rooms kept for her; `others`: how each further room forgets one person."""
        self._survivors = survivors
        self._conversations = conversations
        self._alerts = alerts
        self._tasks = tasks
        self._check_ins = check_ins
        self._consents = consents
        self._referrals = referrals
        self._overrides = overrides
        self._place_key = place_key
        self._others = tuple(others)

    def erase(self, unit: Unit, known: Known, *, verified: bool = False) -> bool:
        """Forget her; True when her key is destroyed now. Something open and no check word: hidden now, destroyed later.

        With the check word the open alert keeps what it needs under its own key, and her key goes at once; after the same 72 hours the
        alert's key goes too. Closed alerts of hers are forgotten with her.
        """
        marked = self._alerts.mark_all(unit, known.id, Mark.ERASE)
        is_open = marked or self._alerts.mark(unit, known.address, Mark.ERASE)
        if verified:
            self._check_ins.end(unit, known.id)
        else:
            is_open = is_open or open_of(unit.conn, known.id) is not None or self._has_room(unit, known.id)
        is_open = self._stop_sharing(unit, known.id, verified=verified) or is_open
        outbox.forget_person(unit, known.id)
        evidence.forget_wanted(unit, known.id)
        if is_open:
            set_deadline(unit, kind=KIND, subject=known.id, due=unit.now + AT_MOST)
        if is_open and not verified:
            self._survivors.hide(unit, known.id)
            return False
        self._destroy(unit, known.id, open_too=False)
        return True

    def _stop_sharing(self, unit: Unit, survivor_id: str, *, verified: bool) -> bool:
        """With the check word all that she agreed to ends now; without it nothing is shown to anybody, and a person decides. True: it waits."""
        waits = not verified and self._referrals.has_open(unit.conn, survivor_id)
        ended = self._consents.withdraw(unit, survivor_id, code=None, verified=verified)
        if ended and waits:
            self._tasks.leave(unit, kind=TaskKind.CONSENT_WITHDRAWN, survivor_id=survivor_id)
        return waits

    def fire(self, unit: Unit, due: Due) -> None:
        """The 72 hours are over."""
        self._destroy(unit, due.subject, open_too=True)

    def closed(self, unit: Unit, survivor_id: str) -> None:
        """An alert, a referral or a hold of hers was ended by a person: an erasure that waited for it is completed now, unless something else is open still."""
        waits = is_set(unit.conn, kind=KIND, subject=survivor_id)
        if not waits or self._alerts.has_open(unit, survivor_id) or open_of(unit.conn, survivor_id) is not None:
            return
        if not self._referrals.has_open(unit.conn, survivor_id) and not self._has_room(unit, survivor_id):
            cancel(unit, kind=KIND, subject=survivor_id)
            self._destroy(unit, survivor_id, open_too=True)

    def hold_ended(self, unit: Unit) -> None:
        """A hold ended. None leads back to whom it was for, so everybody whose erasure waits is looked at."""
        for survivor_id in waiting_for(unit.conn, kind=KIND):
            self.closed(unit, survivor_id)

    def _has_room(self, unit: Unit, survivor_id: str) -> bool:
        return is_room_held(unit.conn, self._place_key(), survivor_id)

    def _destroy(self, unit: Unit, survivor_id: str, *, open_too: bool) -> None:
        self._alerts.forget_person(unit, survivor_id, open_too=open_too)
        self._check_ins.forget_person(unit, survivor_id)
        self._consents.forget_person(unit, survivor_id)
        self._referrals.forget_person(unit, survivor_id)
        self._overrides.forget_person(unit, survivor_id)
        for forget in self._others:
            forget(unit, survivor_id)
        self._tasks.forget_person(unit, survivor_id)
        self._conversations.forget_person(unit, survivor_id)
        evidence.forget_person(unit, survivor_id)
        own_plan.forget_person(unit, survivor_id)
        outbox.forget_person(unit, survivor_id)
        self._survivors.destroy_key(unit, survivor_id)
