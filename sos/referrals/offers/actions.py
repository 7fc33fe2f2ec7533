"""Publish offers, take applications, match them to people who asked. A place is taken by compare-and-set, never twice.

What she asked for is never sent to her unasked: a match leaves a task, and a person speaks with her.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Row, delete, insert, select, update

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import move
from sos.db.types import new_id
from sos.referrals.errors import ReferralRefusal
from sos.referrals.offers.models import ApplicantRow, ApplicationRow, OfferRow, WishRow
from sos.referrals.offers.queries import offer_of, open_offers
from sos.referrals.offers.states import HOLDS_A_PLACE, MOVES, Application, Eligible, Offer, OfferKind
from sos.survivors.actions import Survivors
from sos.survivors.keys import KeyGone, PersonKey

_OFFERS, _APPLICATIONS = table_of(OfferRow), table_of(ApplicationRow)
_APPLICANTS, _WISHES = table_of(ApplicantRow), table_of(WishRow)
_MOST_TOGETHER: Final = 30
KEPT: Final = timedelta(days=365)
_ENDED: Final = [state.value for state in Application if not MOVES.moves[state]]


class NoPlaceLeft(ReferralRefusal):
    """The call is closed, or every place is taken."""


class NoSuchOffer(ReferralRefusal):
    """There is no such offer or application."""


class NotTogether(ReferralRefusal):
    """Several may apply together only where the offer says so."""


class Tasks(Protocol):
    """Leaves a task for a person."""

    def offer_for_her(self, unit: Unit, *, survivor_id: str, key: PersonKey, offer: Offer) -> None: ...


class Offers:
    """The writes about offers."""

    def __init__(self, survivors: Survivors, tasks: Tasks, audit: Audit) -> None:
        self._survivors = survivors
        self._tasks = tasks
        self._audit = audit

    def publish(self, unit: Unit, offer: Offer, *, by: str) -> int:
        """Keep an offer (its `left` is its `places`), and leave a task for each person who asked for its kind there; returns how many."""
        if offer.closes_on < offer.opens_on or (offer.places is not None and offer.places < 1):
            raise ValueError("an offer closes after it opens and has a place at least")
        values = {name: getattr(offer, name) for name in ("id", "title", "organisation", "area", "opens_on", "closes_on", "places")}
        values |= {"kind": offer.kind.value, "left": offer.places, "conditions": sorted(one.value for one in offer.conditions)}
        unit.conn.execute(insert(_OFFERS), values | {"source": offer.source, "verified_on": offer.verified_on})
        self._audit.record(unit, "offer.published", subject=offer.id, actor=by)
        return self._match(unit, offer)

    def close(self, unit: Unit, offer_id: str, *, by: str) -> None:
        """Nobody can ask for it any more; applications go on. Closed again, nothing changes. Raises NoSuchOffer."""
        row = unit.conn.execute(select(_OFFERS.c.closed_at).where(_OFFERS.c.id == offer_id).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchOffer("there is none")
        if row.closed_at is None:
            unit.conn.execute(update(_OFFERS).where(_OFFERS.c.id == offer_id).values(closed_at=unit.now))
            self._audit.record(unit, "offer.closed", subject=offer_id, actor=by)

    def wish(
        self,
        unit: Unit,
        *,
        survivor_id: str,
        kind: OfferKind,
        area: str | None,
        not_met: frozenset[Eligible] = frozenset(),
        today: date | None = None,
    ) -> None:
        """She wants to hear of such offers; a later wish of the same kind replaces it. Raises KeyGone.

        What is open `today` (on the wall clock there) already leaves its task at once.
        """
        key, row = self._survivors.key_of(unit, survivor_id), new_id()
        body = json.dumps({"area": area, "not_met": sorted(one.value for one in not_met)}).encode()
        unit.conn.execute(delete(_WISHES).where(_WISHES.c.survivor_id == survivor_id, _WISHES.c.kind == kind.value))
        values = {"id": row, "survivor_id": survivor_id, "kind": kind.value, "asked_at": unit.now}
        unit.conn.execute(insert(_WISHES), values | {"body": key.seal(body, table="offer_wishes", column="body", row=row)})
        for offer in open_offers(unit.conn, today, kind=kind) if today else ():
            if offer.fits(area=area, not_met=not_met):
                self._tasks.offer_for_her(unit, survivor_id=survivor_id, key=key, offer=offer)

    def wishes(self, unit: Unit, survivor_id: str) -> list[tuple[OfferKind, str | None]]:
        """What she asked to hear of: kind, and where (None: anywhere). Raises KeyGone."""
        rows = unit.conn.execute(select(_WISHES).where(_WISHES.c.survivor_id == survivor_id).order_by(_WISHES.c.kind)).all()
        key = self._survivors.key_of(unit, survivor_id) if rows else None
        opened = [(row, json.loads(key.open(row.body, table="offer_wishes", column="body", row=row.id))) for row in rows if key]
        return [(OfferKind(row.kind), body["area"]) for row, body in opened]

    def unwish(self, unit: Unit, *, survivor_id: str, kind: OfferKind) -> bool:
        """She does not want to hear of them any more; False where she had not asked."""
        gone = delete(_WISHES).where(_WISHES.c.survivor_id == survivor_id, _WISHES.c.kind == kind.value)
        return unit.conn.execute(gone).rowcount > 0

    def note(self, unit: Unit, offer_id: str, survivors: Sequence[str], *, today: date, by: str) -> str:
        """Take a place for one person, or for several together; returns the application. Raises NoSuchOffer, NoPlaceLeft, NotTogether."""
        found = unit.conn.execute(select(_OFFERS).where(_OFFERS.c.id == offer_id)).one_or_none()
        if found is None:
            raise NoSuchOffer("there is none")
        offer, people = offer_of(found), list(dict.fromkeys(survivors))
        if not people or len(people) > _MOST_TOGETHER or (len(people) > 1 and Eligible.JOINT not in offer.conditions):
            raise NotTogether("one person, or several where the offer is for several")
        if not offer.open_at(today):
            raise NoPlaceLeft("the call is closed or full")
        if offer.left is not None:
            taken = update(_OFFERS).where(_OFFERS.c.id == offer_id, _OFFERS.c.left > 0)
            if unit.conn.execute(taken.values(left=_OFFERS.c.left - 1)).rowcount != 1:
                raise NoPlaceLeft("the call is closed or full")
        row = new_id()
        values = {"id": row, "offer_id": offer_id, "state": Application.NOTED.value, "made_at": unit.now, "changed_at": unit.now}
        unit.conn.execute(insert(_APPLICATIONS), values | {"made_by": by})
        unit.conn.execute(
            insert(_APPLICANTS), [{"id": new_id(), "application_id": row, "survivor_id": one, "note": None} for one in people]
        )
        self._audit.record(unit, "application.noted", subject=row, actor=by)
        return row

    def move(self, unit: Unit, application_id: str, how: str, *, by: str) -> Application:
        """apply, accept, refuse, withdraw or finish; a place that is given up is free again. Raises NoSuchOffer, IllegalMove, AlreadyMoved."""
        row = unit.conn.execute(select(_APPLICATIONS).where(_APPLICATIONS.c.id == application_id).with_for_update()).one_or_none()
        if row is None:
            raise NoSuchOffer("there is none")
        return self._moved(unit, row, how, by)

    def forget_person(self, unit: Unit, survivor_id: str) -> None:
        """Her wishes go; where she applied alone, the application is withdrawn; with others, theirs goes on without her."""
        unit.conn.execute(delete(_WISHES).where(_WISHES.c.survivor_id == survivor_id))
        hers = unit.conn.execute(select(_APPLICANTS.c.application_id).where(_APPLICANTS.c.survivor_id == survivor_id)).scalars().all()
        unit.conn.execute(delete(_APPLICANTS).where(_APPLICANTS.c.survivor_id == survivor_id))
        for application in hers:
            others = unit.conn.execute(select(_APPLICANTS.c.id).where(_APPLICANTS.c.application_id == application)).first()
            row = unit.conn.execute(select(_APPLICATIONS).where(_APPLICATIONS.c.id == application).with_for_update()).one()
            if others is None and "withdraw" in MOVES.moves[Application(row.state)]:
                self._moved(unit, row, "withdraw", "system")

    def _moved(self, unit: Unit, row: Row[Any], how: str, by: str) -> Application:
        old = Application(row.state)
        new = MOVES.after(old, how)
        changed = update(_APPLICATIONS).where(_APPLICATIONS.c.id == row.id, _APPLICATIONS.c.state == row.state)
        move(unit.conn, changed.values(state=new.value, changed_at=unit.now))
        if old in HOLDS_A_PLACE and new in (Application.REFUSED, Application.WITHDRAWN):
            free = update(_OFFERS).where(_OFFERS.c.id == row.offer_id, _OFFERS.c.left.is_not(None), _OFFERS.c.left < _OFFERS.c.places)
            unit.conn.execute(free.values(left=_OFFERS.c.left + 1))
        self._audit.record(unit, f"application.{new.value}", subject=row.id, actor=by)
        return new

    def _match(self, unit: Unit, offer: Offer) -> int:
        told = 0
        for row in unit.conn.execute(select(_WISHES).where(_WISHES.c.kind == offer.kind.value)).all():
            try:
                key = self._survivors.key_of(unit, row.survivor_id)
            except KeyGone:
                continue
            body = json.loads(key.open(row.body, table="offer_wishes", column="body", row=row.id))
            if offer.fits(area=body["area"], not_met=frozenset(Eligible(name) for name in body["not_met"])):
                self._tasks.offer_for_her(unit, survivor_id=row.survivor_id, key=key, offer=offer)
                told += 1
        return told


def forget_old(unit: Unit) -> None:
    """Applications a year after they ended, offers a year after they closed."""
    over = select(_APPLICATIONS.c.id).where(_APPLICATIONS.c.state.in_(_ENDED), _APPLICATIONS.c.changed_at < unit.now - KEPT)
    unit.conn.execute(delete(_APPLICANTS).where(_APPLICANTS.c.application_id.in_(over)))
    unit.conn.execute(delete(_APPLICATIONS).where(_APPLICATIONS.c.id.in_(over)))
    still = select(_APPLICATIONS.c.offer_id)
    unit.conn.execute(delete(_OFFERS).where(_OFFERS.c.closes_on < (unit.now - KEPT).date(), _OFFERS.c.id.not_in(still)))
