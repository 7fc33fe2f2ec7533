"""The hand-off card of an alert, its A4 print, acting without her answer, and the supervisor's review. The program calls nobody."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.alerts.bars import Found
from sos.alerts.errors import NoSuchAlert
from sos.alerts.hand_off.actions import unasked
from sos.alerts.hand_off.card import LONGEST, WORDS, Card
from sos.alerts.hand_off.errors import AlreadyAnswered, NoSuchCall, NotAllowedYet, OwnReview, SheSaidNo
from sos.alerts.hand_off.states import CallBack, Called, Finding, Ground, MayCall
from sos.console import case, times, words
from sos.console.house import House
from sos.console.shell import me, page
from sos.db.database import Unit
from sos.staff.members.queries import everyone

ANSWERS: Final = {
    MayCall.YES: "She said: yes, a colleague may call.",
    MayCall.NO: "She said: no. Nobody calls from here.",
    MayCall.NO_ANSWER: "She has not answered whether a colleague may call.",
}
CALLED: Final = {Called.POLICE: "Police", Called.AMBULANCE: "Ambulance", Called.BOTH: "Police and ambulance"}
BACK: Final = {
    CallBack.UNKNOWN: "Not known: do not call her number",
    CallBack.NO: "No: do not call her number",
    CallBack.YES: "Yes",
}
GROUNDS: Final = {
    Ground.WORDS: "Her words say that a life is at risk now",
    Ground.INJURY: "An injury, the neck, breath, an overdose",
    Ground.WEAPON: "A weapon",
    Ground.CHILD: "A child is in danger",
    Ground.SILENCE: "She wrote of danger and has fallen silent",
}
FINDINGS: Final = {
    Finding.RIGHT: "It was right",
    Finding.NOT_NEEDED: "It was not needed",
    Finding.FOLLOW_UP: "Something has to be followed up",
}
SAID: Final = {
    SheSaidNo: "She said no. One person alone never acts against it. Nothing was kept as told. Call a supervisor.",
    NotAllowedYet: "She has not answered, so nobody may be told yet. If a life is at risk, say so below first. Your card was not lost.",
    AlreadyAnswered: "She has said yes. Nothing has to be overridden: call, and note it on the card.",
    OwnReview: "You acted yourself; another supervisor reviews it.",
    NoSuchCall: "Somebody has reviewed this already.",
}
LABELS: Final = {
    "place": ("Place, as a driver finds it", "street, house, floor, a sign nearby"),
    "way_in": ("Way in", "which door, bell, gate, dog; lights and siren off?"),
    "people": ("Who is there", "how many, where he is now, drunk or not"),
    "weapons": ("Weapons", "what, where"),
    "injuries": ("Injuries", "neck, breath, bleeding, pregnant"),
    "children": ("Children", "how many, how old, where"),
    "language": ("Language", "which she speaks; an interpreter"),
    "call_back_note": ("About calling back", "which hours, who else has the phone"),
    "dispatcher": ("Dispatcher", "name or number of the desk you spoke with"),
    "number_told": ("Their number for this call", "if they gave one"),
    "told_at": ("Told at", "clock time"),
}


def blueprint(house: House) -> Blueprint:
    """`/staff/alerts/<number>/card` and `/staff/reviews`."""
    door, desk = Blueprint("hand_off", __name__), _Desk(house)
    door.add_url_rule("/staff/alerts/<int:number>/card", "show", desk.show)
    door.add_url_rule("/staff/alerts/<int:number>/card/print", "sheet", desk.sheet)
    door.add_url_rule("/staff/alerts/<int:number>/card/keep", "keep", desk.keep, methods=["POST"])
    door.add_url_rule("/staff/alerts/<int:number>/card/unasked", "act_unasked", desk.act_unasked, methods=["POST"])
    door.add_url_rule("/staff/reviews", "reviews", desk.reviews)
    door.add_url_rule("/staff/reviews/<call_id>", "review", desk.review, methods=["POST"])
    return door


class _Desk:
    """What an operator and a supervisor do with the card."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, number: int, *, error: str = "", kept: Card | None = None) -> Response:
        """The card to fill."""
        found, card, calls = self._read(number)
        return page(
            "hand_off/card.html",
            status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
            number=number,
            found=found,
            card=kept or card,
            may_call=card.may_call,
            calls=calls,
            error=error,
            answers=ANSWERS,
            called=CALLED,
            back=BACK,
            grounds=GROUNDS,
            labels=LABELS,
            longest=LONGEST,
        )

    def sheet(self, number: int) -> Response:
        """The card as one page to print and read out. No name, no number of hers, no words of the hotline but its alias of the case."""
        _, card, calls = self._read(number)
        with self._house.database.read() as conn:
            aliases = {member.id: member.alias for member in everyone(conn)}
        now = self._house.clock.now()
        return page(
            "hand_off/sheet.html",
            number=number,
            card=card,
            calls=calls,
            aliases=aliases,
            printed=times.exact(now),
            written_by=aliases.get(me().id, ""),
            answers=ANSWERS,
            called=CALLED,
            back=BACK,
            grounds=GROUNDS,
            labels=LABELS,
        )

    def keep(self, number: int) -> Answer:
        card = _card(self._house.clock.now())
        try:
            with self._house.database.write() as unit:
                found = self._find(unit, number)
                self._house.rooms.hand_off.keep(unit, alert_id=found.id, by=me().id, card=card)
        except (SheSaidNo, NotAllowedYet) as error:
            return self.show(number, error=SAID[type(error)], kept=card)
        flash("The card is kept with the alert.")
        return redirect(url_for("hand_off.show", number=number), HTTPStatus.SEE_OTHER)

    def act_unasked(self, number: int) -> Answer:
        ground = request.form.get("ground", "")
        if ground not in set(Ground) or "sure" not in request.form:
            return self.show(number, error="Name the risk to life, and tick that you have read what happens then. Nothing was done.")
        try:
            with self._house.database.write() as unit:
                found = self._find(unit, number)
                self._house.rooms.hand_off.act_unasked(unit, alert_id=found.id, by=me().id, ground=Ground(ground))
        except (SheSaidNo, AlreadyAnswered) as error:
            return self.show(number, error=SAID[type(error)])
        flash("You may call now. A supervisor is being paged. Another person reviews it within 24 hours.")
        return redirect(url_for("hand_off.show", number=number), HTTPStatus.SEE_OTHER)

    def reviews(self, *, error: str = "") -> Response:
        """Calls without her answer, those that wait for a review first."""
        with self._house.database.read() as conn:
            seen = [(call, found) for call in unasked(conn) if (found := bars.seen(conn, call.alert_id, me().id)) is not None]
            aliases = {member.id: member.alias for member in everyone(conn)}
        calls = [(call, found.number) for call, found in sorted(seen, key=lambda pair: pair[0].finding is not None)]
        status = HTTPStatus.CONFLICT if error else HTTPStatus.OK
        return page("hand_off/reviews.html", status=status, calls=calls, aliases=aliases, grounds=GROUNDS, findings=FINDINGS, error=error)

    def review(self, call_id: str) -> Answer:
        finding = request.form.get("finding", "")
        if finding not in set(Finding):
            return self.reviews(error="Choose what you found. Nothing was kept.")
        try:
            with self._house.database.write() as unit:
                self._house.rooms.hand_off.review(unit, call_id=call_id, by=me().id, finding=Finding(finding))
        except NoSuchAlert:
            abort(HTTPStatus.NOT_FOUND)
        except (OwnReview, NoSuchCall) as error:
            return self.reviews(error=SAID[type(error)])
        flash("The review is kept.")
        return redirect(url_for("hand_off.reviews"), HTTPStatus.SEE_OTHER)

    def _read(self, number: int) -> tuple[Found, Card, list[object]]:
        with self._house.database.write() as unit:
            found = self._find(unit, number)
            card = self._house.rooms.hand_off.draft(unit, alert_id=found.id, by=me().id)
            calls: list[object] = list(unasked(unit.conn, alert_id=found.id))
        return found, _readable(self._house, card), calls

    def _find(self, unit: Unit, number: int) -> Found:
        found = bars.find(unit.conn, number, me().id)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        return found


def _readable(house: House, card: Card) -> Card:
    """The place by its name and the language in English, where the alert had given their codes."""
    language = words.of(words.LANGUAGES, card.language) if card.language in words.LANGUAGES else card.language
    return Card(
        **{**{name: getattr(card, name) for name in Card.__slots__}, "place": case.where(house.rooms, card.place), "language": language}
    )


def _card(now: datetime) -> Card:
    """What the form says. A dispatcher without a time was told now."""
    form = request.form
    written = {name: " ".join(form.get(name, "").split())[:LONGEST] for name in WORDS}
    if (written["dispatcher"] or written["number_told"]) and not written["told_at"]:
        written["told_at"] = now.astimezone(times.ZONE).strftime("%H:%M")
    called, back = form.get("called", ""), form.get("call_back", "")
    return Card(
        called=Called(called) if called in set(Called) else Called.POLICE,
        call_back=CallBack(back) if back in set(CallBack) else CallBack.UNKNOWN,
        place=written["place"],
        way_in=written["way_in"],
        people=written["people"],
        weapons=written["weapons"],
        injuries=written["injuries"],
        children=written["children"],
        language=written["language"],
        call_back_note=written["call_back_note"],
        dispatcher=written["dispatcher"],
        number_told=written["number_told"],
        told_at=written["told_at"],
    )
