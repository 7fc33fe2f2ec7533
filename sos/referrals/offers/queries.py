"""Looks at offers and applications. Who applied together is told to nobody: an application is seen with how many, or as one person's own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from sos.db.base import table_of
from sos.referrals.offers.models import ApplicantRow, ApplicationRow, OfferRow
from sos.referrals.offers.states import Application, Eligible, Offer, OfferKind

_OFFERS, _APPLICATIONS, _APPLICANTS = table_of(OfferRow), table_of(ApplicationRow), table_of(ApplicantRow)


@dataclass(frozen=True, slots=True)
class Applied:
    """One application. `people`: how many apply together."""

    id: str
    offer_id: str
    title: str
    state: Application
    people: int
    made_at: datetime
    changed_at: datetime


def open_offers(conn: Connection, today: date, *, kind: OfferKind | None = None, area: str | None = None) -> list[Offer]:
    """Offers that can be asked for on that day, those first that close first."""
    wanted = select(_OFFERS).where(_OFFERS.c.opens_on <= today, _OFFERS.c.closes_on >= today)
    if kind is not None:
        wanted = wanted.where(_OFFERS.c.kind == kind.value)
    rows = conn.execute(wanted.order_by(_OFFERS.c.closes_on, _OFFERS.c.id))
    return [offer for offer in map(offer_of, rows) if offer.open_at(today) and offer.fits(area=area)]


def all_offers(conn: Connection) -> list[Offer]:
    """Every offer that is kept, the one that closes last first."""
    return [offer_of(row) for row in conn.execute(select(_OFFERS).order_by(_OFFERS.c.closes_on.desc(), _OFFERS.c.id))]


def offer(conn: Connection, offer_id: str) -> Offer | None:
    """One offer."""
    row = conn.execute(select(_OFFERS).where(_OFFERS.c.id == offer_id)).one_or_none()
    return offer_of(row) if row else None


def applications(
    conn: Connection, *, offer_id: str | None = None, survivor_id: str | None = None, barred: Collection[str] = ()
) -> list[Applied]:
    """To one offer, or of one person; newest first. `barred`: survivors whose cases do not exist for the viewer: theirs are left out."""
    wanted = select(_APPLICATIONS, _OFFERS.c.title).join(_OFFERS, _OFFERS.c.id == _APPLICATIONS.c.offer_id)
    if offer_id is not None:
        wanted = wanted.where(_APPLICATIONS.c.offer_id == offer_id)
    if survivor_id is not None:
        hers = select(_APPLICANTS.c.application_id).where(_APPLICANTS.c.survivor_id == survivor_id)
        wanted = wanted.where(_APPLICATIONS.c.id.in_(hers))
    if barred:
        theirs = select(_APPLICANTS.c.application_id).where(_APPLICANTS.c.survivor_id.in_(sorted(barred)))
        wanted = wanted.where(_APPLICATIONS.c.id.not_in(theirs))
    rows = conn.execute(wanted.order_by(_APPLICATIONS.c.made_at.desc(), _APPLICATIONS.c.id)).all()
    counted = select(_APPLICANTS.c.application_id, func.count()).where(_APPLICANTS.c.application_id.in_([row.id for row in rows]))
    people: dict[str, int] = {one[0]: one[1] for one in conn.execute(counted.group_by(_APPLICANTS.c.application_id))}
    return [
        Applied(row.id, row.offer_id, row.title, Application(row.state), people.get(row.id, 0), row.made_at, row.changed_at) for row in rows
    ]


def offer_of(row: Row[Any]) -> Offer:
    """A row as an offer."""
    return Offer(
        row.id,
        OfferKind(row.kind),
        row.title,
        row.organisation,
        row.area,
        row.opens_on,
        row.closes_on,
        row.places,
        row.left,
        frozenset(Eligible(name) for name in row.conditions),
        row.source,
        row.verified_on,
        closed=row.closed_at is not None,
    )
