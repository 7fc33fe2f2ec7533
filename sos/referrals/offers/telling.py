"""What a match becomes: one task for a person with the offer's title under her key. Nothing is written to her."""

from typing import Protocol

from sos.db.database import Unit
from sos.referrals.offers.states import Offer
from sos.staff.actions import Tasks
from sos.staff.states import TaskKind


class Key(Protocol):
    """Her key, open for this unit of work."""

    @property
    def raw(self) -> bytes: ...


class OfferTasks:
    """Leaves it among the tasks of the staff; a second offer for her is a second note on the same task."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    def offer_for_her(self, unit: Unit, *, survivor_id: str, key: Key, offer: Offer) -> None:
        note = f"{offer.title}, {offer.organisation}: open until {offer.closes_on:%d.%m.%Y}. She asked to hear of such offers."
        self._tasks.leave(unit, kind=TaskKind.OFFER, survivor_id=survivor_id, note=note, key=key.raw)
