"""People: found by the alias that an operator gave, opened from a call or a visit, written to under safe-contact rules.

Never lists people. An alias, a number or a word never stands in an address. Whose case is barred does not exist.
"""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Answer

from sos.alerts import bars
from sos.alerts.errors import NoSuchAlert
from sos.console import case, cases, opening, people_acts, rows, words
from sos.console.alert import why
from sos.console.house import House
from sos.console.shell import fragment, me, page
from sos.conversations.herald import CannotTell, EmptyText, Refused
from sos.db.again import once_more
from sos.staff import queries as tasks
from sos.survivors.calling import CallBack
from sos.survivors.evidence.errors import NoSuchEvidence, NotShared

_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


DANGERS = {code: words.of(words.REASONS, code) for code in opening.DANGERS}


def blueprint(house: House) -> Blueprint:
    """`/staff/people` and one person by her random id."""
    door = Blueprint("people", __name__)

    @door.get("/staff/people")
    def show() -> Response:
        return page("people.html", languages=words.LANGUAGES, dangers=DANGERS)

    @door.post("/staff/people/find")
    def find() -> Answer:
        return _find(house)

    @door.post("/staff/people/new")
    def new() -> Answer:
        return _new(house)

    @door.get("/staff/people/<survivor_id>")
    def one(survivor_id: str) -> Response:
        return _page(house, survivor_id)

    @door.get("/staff/people/<survivor_id>/lines")
    def lines(survivor_id: str) -> Response:
        return _lines(house, survivor_id)

    @door.get("/staff/people/<survivor_id>/evidence/<item_id>")
    def evidence(survivor_id: str, item_id: str) -> Response:
        return _evidence(house, survivor_id, item_id)

    @door.post("/staff/people/<survivor_id>/number")
    def number(survivor_id: str) -> Response:
        """Her number on the page, this once."""
        with house.database.write() as unit:
            _not_barred(house, unit.conn, survivor_id)
            call = case.call_back(unit, house.rooms, survivor_id, by=me().id)
        return _page(house, survivor_id, call=call)

    @door.post("/staff/people/<survivor_id>/<act>")
    def act(survivor_id: str, act: str) -> Answer:
        return _act(house, survivor_id, act)

    return door


def _find(house: House) -> Answer:
    alias = request.form.get("alias", "")
    with house.database.write() as unit:
        found = house.rooms.aliases.find(unit.conn, alias) if alias.strip() else None
        if found in bars.survivors(unit.conn, me().id):
            found = None
        house.rooms.audit.record(unit, "people.sought", subject=found or "", actor=me().id)
    if found is None:
        flash("Nobody here has this alias. It must be whole; capitals do not matter.")
        return redirect("/staff/people", HTTPStatus.SEE_OTHER)
    return redirect(f"/staff/people/{found}", HTTPStatus.SEE_OTHER)


def _new(house: House) -> Answer:
    try:
        to = _open(house)
    except opening.NotOpened as refusal:
        return page(
            "people.html", status=HTTPStatus.CONFLICT, languages=words.LANGUAGES, dangers=DANGERS, problem=str(refusal), kept=request.form
        )
    except NoSuchAlert:
        abort(HTTPStatus.NOT_FOUND)
    return redirect(to, HTTPStatus.SEE_OTHER)


@once_more
def _open(house: House) -> str:
    with house.database.write() as unit:
        return opening.opened(house.rooms, unit, me(), request.form)


def _lines(house: House, survivor_id: str) -> Response:
    """The conversation again, where it has changed. Read (and audited) only then."""
    with house.database.read() as conn:
        _not_barred(house, conn, survivor_id)
        mark = case.mark(conn, survivor_id)
    if request.if_none_match.contains(mark):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        with house.database.write() as unit:
            hers = case.read(unit, house.rooms, survivor_id, viewer=me().id)
        response = Response(fragment("_lines.html", case=hers, lines=hers.lines, mark=hers.mark))
    response.set_etag(mark)
    return response


def _evidence(house: House, survivor_id: str, item_id: str) -> Response:
    """One original that she lets colleagues see, as it came; that it was read is audited. What she does not share does not exist."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        abort(HTTPStatus.NOT_FOUND)
    with house.database.write() as unit:
        _not_barred(house, unit.conn, survivor_id)
        key = case.key_of(unit, house.rooms, survivor_id)
        try:
            found = house.rooms.evidence_reading.show(unit, item_id, survivor_id=survivor_id, key=key, by=me().id) if key else None
        except (NotShared, NoSuchEvidence):
            found = None
    if found is None or found.item.card is None:
        abort(HTTPStatus.NOT_FOUND)
    media_type = found.item.card.media_type
    plain = "text/plain; charset=utf-8" if media_type.startswith("text/plain") else media_type if media_type in _SHOWN else ""
    response = Response(found.body, content_type=plain or "application/octet-stream")
    response.headers["Content-Disposition"] = "inline" if plain else f"attachment; filename=item-{found.item.n}"
    return response


def _act(house: House, survivor_id: str, act: str) -> Answer:
    if act not in people_acts.ACTS:
        abort(HTTPStatus.NOT_FOUND)
    try:
        said = _do(house, survivor_id, act)
    except (CannotTell, EmptyText, Refused) as error:
        return _page(house, survivor_id, problem=why(error), kept=request.form.get("text", ""), status=HTTPStatus.CONFLICT)
    if said:
        flash(said)
    back = request.form.get("back", "")
    at = f"/staff/alerts/{int(back)}" if back.isdecimal() and len(back) < 10 else f"/staff/people/{survivor_id}"
    return redirect(at, HTTPStatus.SEE_OTHER)


@once_more
def _do(house: House, survivor_id: str, act: str) -> str:
    with house.database.write() as unit:
        _not_barred(house, unit.conn, survivor_id)
        return people_acts.ACTS[act](people_acts.Doing(house.rooms, unit, survivor_id, me(), request.form))


def _not_barred(house: House, conn: Connection, survivor_id: str) -> None:
    if survivor_id in bars.survivors(conn, me().id) or not house.rooms.survivors.exists(conn, survivor_id):
        abort(HTTPStatus.NOT_FOUND)


@once_more
def _page(
    house: House, survivor_id: str, *, problem: str = "", kept: str = "", status: int = HTTPStatus.OK, call: CallBack | None = None
) -> Response:
    with house.database.write() as unit:
        _not_barred(house, unit.conn, survivor_id)
        hers = case.read(unit, house.rooms, survivor_id, viewer=me().id)
        waits = rows.queue(unit.conn, me().id, unit.now)
        open_tasks = tasks.of_person(unit.conn, survivor_id)
        alert = bars.open_of(unit.conn, survivor_id)
    return page(
        "person.html",
        status=status,
        case=hers,
        lines=hers.lines,
        mark=hers.mark,
        waits=waits,
        tasks=open_tasks,
        kinds=words.TASKS,
        paper_kinds=cases.KINDS,
        alert_number=alert,
        channels=words.CHANNELS,
        problem=problem,
        kept=kept,
        call=call,
    )
