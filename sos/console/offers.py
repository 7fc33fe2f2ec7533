"""Offers with dates: publish, close, and applications to them, of one person or of several together. Nothing here writes to anybody.

Who applied together is shown to nobody: an application tells how many. No money is handled.
"""

from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.access.permission_map import Permission, permits
from sos.alerts import bars
from sos.console import existing
from sos.console.house import House
from sos.console.shell import caller, me, page
from sos.console.times import ZONE
from sos.db.statements import AlreadyMoved
from sos.db.types import new_id
from sos.referrals.offers import queries as offers
from sos.referrals.offers.actions import NoPlaceLeft, NoSuchOffer, NotTogether
from sos.referrals.offers.states import MOVES, Eligible, Offer, OfferKind
from sos.transitions import IllegalMove

KINDS = {
    OfferKind.GRANT: "Grant",
    OfferKind.TRAINING: "Training",
    OfferKind.JOB: "Job",
    OfferKind.MATERIAL_HELP: "Things",
    OfferKind.MINOR_REPAIR: "Minor repair",
}
CONDITIONS = {
    Eligible.HAS_CHILDREN: "has children",
    Eligible.LIVES_IN_AREA: "lives there",
    Eligible.HAS_LAND: "has land",
    Eligible.HAS_TRADE: "has a trade",
    Eligible.OVER_18: "over 18",
    Eligible.WITHOUT_PAPERS: "open without papers",
    Eligible.JOINT: "several may apply together",
}
ACTS = {"apply": "Handed in", "accept": "Accepted", "refuse": "Refused", "withdraw": "She withdraws", "finish": "Done"}
WRONG = (
    "An offer needs a title, who offers it, a place that we know, days in order, and places as a number or empty. Nothing was published."
)


def blueprint(house: House) -> Blueprint:
    """`/staff/offers`, one offer, and those of one person."""
    door, desk = Blueprint("offers", __name__), _Desk(house)
    door.add_url_rule("/staff/offers", "show", desk.show)
    door.add_url_rule("/staff/offers", "publish", desk.publish, methods=["POST"])
    door.add_url_rule("/staff/offers/<offer_id>/close", "close", desk.close, methods=["POST"])
    door.add_url_rule("/staff/offers/<offer_id>", "one", desk.one)
    door.add_url_rule("/staff/offers/<offer_id>/together", "together", desk.together, methods=["POST"])
    door.add_url_rule("/staff/offers/<offer_id>/applications/<application_id>/<how>", "move", desk.move, methods=["POST"])
    door.add_url_rule("/staff/people/<survivor_id>/offers", "hers", desk.hers)
    door.add_url_rule("/staff/people/<survivor_id>/offers/<offer_id>", "note", desk.note, methods=["POST"])
    return door


class _Desk:
    """What is done with offers."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, *, problem: str = "", status: int = HTTPStatus.OK) -> Response:
        with self._house.database.read() as conn:
            found = offers.all_offers(conn)
        today = self._today()
        kept = request.form if problem else {}
        return page(
            "offers/list.html",
            status=status,
            open=sorted((one for one in found if one.open_at(today)), key=lambda one: one.closes_on),
            closed=[one for one in found if not one.open_at(today)],
            may_publish=permits(Permission.OFFERS_PUBLISH, caller()),
            may_note=permits(Permission.DESK_WORK, caller()),
            areas={one.area: self._area(one.area) for one in found},
            kinds=KINDS,
            conditions=CONDITIONS,
            today=today,
            problem=problem,
            kept=kept,
        )

    def publish(self) -> Answer:
        try:
            offer = self._offered()
            with self._house.database.write() as unit:
                told = self._house.rooms.offers.publish(unit, offer, by=me().id)
        except ValueError:
            return self.show(problem=WRONG, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        flash(f"Published. {told} who asked for such offers: a task for each. Nobody was written to.")
        return redirect(url_for("offers.show"), HTTPStatus.SEE_OTHER)

    def close(self, offer_id: str) -> Answer:
        try:
            with self._house.database.write() as unit:
                self._house.rooms.offers.close(unit, offer_id, by=me().id)
        except NoSuchOffer:
            abort(HTTPStatus.NOT_FOUND)
        flash("Closed. Applications go on.")
        return redirect(url_for("offers.show"), HTTPStatus.SEE_OTHER)

    def one(self, offer_id: str, *, problem: str = "", status: int = HTTPStatus.OK) -> Response:
        with self._house.database.read() as conn:
            offer = offers.offer(conn, offer_id)
            if offer is None:
                abort(HTTPStatus.NOT_FOUND)
            found = offers.applications(conn, offer_id=offer_id, barred=bars.survivors(conn, me().id))
        values = {"offer": offer, "kinds": KINDS, "conditions": CONDITIONS, "area": self._area(offer.area), "today": self._today()}
        moves = {one.id: [(how, ACTS[how]) for how in MOVES.moves[one.state]] for one in found}
        joint = Eligible.JOINT in offer.conditions
        return page("offers/one.html", status=status, applications=found, moves=moves, joint=joint, problem=problem, **values)

    def together(self, offer_id: str) -> Answer:
        """Several by their aliases, one a line. Whoever is not found stops all of it."""
        names = [line.strip() for line in request.form.get("aliases", "").splitlines() if line.strip()]
        try:
            with self._house.database.write() as unit:
                barred = bars.survivors(unit.conn, me().id)
                found = [self._house.rooms.aliases.find(unit.conn, name) for name in names]
                people = [one for one in found if one is not None and one not in barred]
                if len(people) != len(names) or len(set(people)) != len(people):
                    return self.one(
                        offer_id, problem="One of these aliases is nobody here, or stands twice. Nothing was noted.", status=409
                    )
                self._house.rooms.offers.note(unit, offer_id, people, today=self._today(), by=me().id)
        except (NoPlaceLeft, NotTogether, NoSuchOffer) as error:
            return self.one(offer_id, problem=_why(error), status=HTTPStatus.CONFLICT)
        flash("Noted together.")
        return redirect(url_for("offers.one", offer_id=offer_id), HTTPStatus.SEE_OTHER)

    def move(self, offer_id: str, application_id: str, how: str) -> Answer:
        back = request.form.get("back", "")
        try:
            with self._house.database.write() as unit:
                theirs = offers.applications(unit.conn, offer_id=offer_id, barred=bars.survivors(unit.conn, me().id))
                if application_id not in {one.id for one in theirs}:
                    raise NoSuchOffer
                self._house.rooms.offers.move(unit, application_id, how, by=me().id)
                of_hers = bool(back) and application_id in {one.id for one in offers.applications(unit.conn, survivor_id=back)}
        except (IllegalMove, AlreadyMoved):
            return self.one(offer_id, problem="This has been moved meanwhile. Nothing was changed.", status=HTTPStatus.CONFLICT)
        except NoSuchOffer:
            abort(HTTPStatus.NOT_FOUND)
        at = url_for("offers.hers", survivor_id=back) if of_hers else url_for("offers.one", offer_id=offer_id)
        return redirect(at, HTTPStatus.SEE_OTHER)

    def hers(self, survivor_id: str, *, problem: str = "", status: int = HTTPStatus.OK) -> Response:
        rooms, today = self._house.rooms, self._today()
        with self._house.database.write() as unit:
            existing.require(self._house, unit.conn, survivor_id)
            alias = existing.alias(self._house, unit, survivor_id)
            applied = offers.applications(unit.conn, survivor_id=survivor_id, barred=bars.survivors(unit.conn, me().id))
            wishes = rooms.offers.wishes(unit, survivor_id)
            rooms.audit.record(unit, "offer.read", subject=survivor_id, actor=me().id)
            found = offers.open_offers(unit.conn, today)
        found.sort(key=lambda one: not any(one.kind is kind and one.fits(area=area) for kind, area in wishes))
        return page(
            "offers/hers.html",
            status=status,
            survivor_id=survivor_id,
            alias=alias,
            applied=applied,
            moves={one.id: [(how, ACTS[how]) for how in MOVES.moves[one.state]] for one in applied},
            wishes=[(KINDS[kind], self._area(area) if area else "anywhere") for kind, area in wishes],
            wished={one.id for one in found if any(one.kind is kind and one.fits(area=area) for kind, area in wishes)},
            offers=found,
            areas={one.area: self._area(one.area) for one in found},
            kinds=KINDS,
            conditions=CONDITIONS,
            problem=problem,
        )

    def note(self, survivor_id: str, offer_id: str) -> Answer:
        try:
            with self._house.database.write() as unit:
                existing.require(self._house, unit.conn, survivor_id)
                self._house.rooms.offers.note(unit, offer_id, [survivor_id], today=self._today(), by=me().id)
        except (NoPlaceLeft, NotTogether, NoSuchOffer) as error:
            return self.hers(survivor_id, problem=_why(error), status=HTTPStatus.CONFLICT)
        flash("Noted: a place is kept for her.")
        return redirect(url_for("offers.hers", survivor_id=survivor_id), HTTPStatus.SEE_OTHER)

    def _offered(self) -> Offer:
        """The offer of the form. Raises ValueError."""
        form, today = request.form, self._today()
        title, organisation = form.get("title", "").strip()[:200], form.get("organisation", "").strip()[:200]
        typed, places = form.get("area", "").strip(), form.get("places", "").strip()
        place = self._house.rooms.gazetteer.locate(typed).place if typed not in ("XK", "RS") else None
        area = typed if typed in ("XK", "RS") else place.municipality_id if place else ""
        if not (title and organisation and area) or (places and not places.isdecimal()):
            raise ValueError
        left = int(places[:6]) if places else None
        conditions = frozenset(Eligible(name) for name in form.getlist("conditions"))
        days = date.fromisoformat(form.get("opens_on", "")), date.fromisoformat(form.get("closes_on", ""))
        kind = OfferKind(form.get("kind", ""))
        return Offer(new_id(), kind, title, organisation, area, *days, left, left, conditions, form.get("source", "").strip()[:200], today)

    def _area(self, area: str) -> str:
        place = self._house.rooms.gazetteer.place(area)
        return place.name if place else {"XK": "all of Kosovo", "RS": "all of Serbia"}.get(area, area)

    def _today(self) -> date:
        return self._house.clock.now().astimezone(ZONE).date()


def _why(error: Exception) -> str:
    if isinstance(error, NoPlaceLeft):
        return "The call is closed, or its last place was just taken. Nothing was noted."
    if isinstance(error, NotTogether):
        return "Several may apply together only where the offer says so. Nothing was noted."
    return "There is no such offer any more."
