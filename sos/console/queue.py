"""The live queue: asked again every second and a half by a tiny request that answers 304 while nothing changed. No word of hers is in it.

No event stream: four open streams block an application of four threads (measured). Every request here ends at once.
"""

from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from sos.alerts import bars
from sos.alerts import queries as alerts
from sos.console.colleagues import colleagues
from sos.console.house import House
from sos.console.rows import queue
from sos.console.shell import caller, fragment, me, page
from sos.console.strip import strip
from sos.db.again import once_more
from sos.staff import queries as tasks
from sos.staff.duty import queries as duty
from sos.staff.duty import rests

_MOST_SEEN = 50
_OFFERED_FOR = timedelta(minutes=15)
"""So long after a hard case the break stands above the queue."""


def blueprint(house: House) -> Blueprint:
    """`/staff`, `/staff/queue/rows`, `/staff/pulse`, `/staff/seen`."""
    door = Blueprint("queue", __name__)

    @door.get("/staff")
    def show() -> Response:
        now, viewer = house.clock.now(), me().id
        with house.database.read() as conn:
            waits = queue(conn, viewer, now)
            later = tasks.later(conn, now=now, barred=bars.survivors(conn, viewer))
            hard = alerts.closed_hard(conn, viewer, now - _OFFERED_FOR) and rests.others_stand(conn, viewer, now)
        return page("queue.html", waits=waits, later=len(later), rest=hard)

    @door.get("/staff/queue/rows")
    def rows() -> Response:
        with house.database.read() as conn:
            waits = queue(conn, me().id, house.clock.now())
        return _unless_same(waits.mark, lambda: Response(fragment("_rows.html", waits=waits)))

    @door.get("/staff/pulse")
    def pulse() -> Response:
        now, who = house.clock.now(), caller().member
        with house.database.read() as conn:
            over = strip(conn, who, now)
        mark = f"{over.mark}-{over.on_duty:d}"
        return _unless_same(mark, lambda: jsonify(asdict(over) | {"html": fragment("_strip.html", strip=over), "mark": mark}))

    @door.get("/staff/hand-over")
    def left() -> Response:
        """What this member holds and would leave behind, each with its form: for the end of the shift."""
        with house.database.read() as conn:
            mine = [row for row in queue(conn, me().id, house.clock.now()).rows if row.mine]
            others = colleagues(conn, house.clock.now(), me().id)
        return page("left.html", mine=mine, colleagues=others)

    @door.post("/staff/seen")
    def seen() -> tuple[str, HTTPStatus]:
        """The alerts whose rows or banner were rendered in a visible tab. Counts only for somebody on duty."""
        numbers = {int(number) for number in request.form.getlist("alert")[:_MOST_SEEN] if number.isdecimal() and len(number) < 10}
        _shown(house, numbers)
        return "", HTTPStatus.NO_CONTENT

    return door


@once_more
def _shown(house: House, numbers: Collection[int]) -> None:
    with house.database.write() as unit:
        if any(one.member_id == me().id for one in duty.on_duty(unit.conn, unit.now)):
            ids = [one.id for one in alerts.waiting(unit.conn, viewer=me().id, now=unit.now) if one.number in numbers]
            house.rooms.alerts.shown(unit, ids, me().id)


def _unless_same(mark: str, answer: Callable[[], Response]) -> Response:
    """304 where the asker has this already: the script names what it has. Nothing stays in the browser's cache on the disk."""
    response = Response(status=HTTPStatus.NOT_MODIFIED) if request.if_none_match.contains(mark) else answer()
    response.set_etag(mark)
    response.headers["Cache-Control"] = "no-store"
    return response
