"""What the page of one alert shows, gathered in one unit of work: the alert, her case, where she is, what helps, who else is there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from sos.access.permission_map import Signed
from sos.alerts import bars
from sos.alerts.bars import Found
from sos.alerts.queries import AlertView
from sos.alerts.states import FINAL, UNTAKEN, Alert
from sos.console import case, map, rows, suitable, words  # noqa: A004 - a map is a map
from sos.console.case import Case
from sos.console.colleagues import colleagues
from sos.conversations import queries as conversations
from sos.db.database import Unit
from sos.outbox import queries as outbox
from sos.rooms import Rooms
from sos.staff.members import queries as members


@dataclass(frozen=True, slots=True)
class Place:
    """Where she is, as far as she said. `shared`: she shared a point; `drawing` of her municipality."""

    name: str = field(repr=False)
    shared: bool
    drawing: map.Drawing | None = field(repr=False)


def mark(conn: Connection, number: int, viewer: str) -> str | None:
    """What changes when this page does. None where the alert does not exist for the viewer. Opens nothing."""
    found = bars.find(conn, number, viewer)
    if found is None:
        return None
    lines = ""
    if found.survivor_id is not None:
        lines = f"{conversations.latest(conn, found.survivor_id)}.{outbox.mark(conn, found.survivor_id)}"
    return f"{found.state.value}.{found.taken_by or ''}.{found.urgency.value}.{bars.entries(conn, found.id)}.{lines}"


def view(rooms: Rooms, unit: Unit, found: Found, who: Signed, form: Mapping[str, str] | None) -> dict[str, Any]:
    """All values of the template. Raises NoSuchAlert."""
    opened = rooms.reading.view(unit, found.id, who.id)
    alert = opened.waiting
    hers = _case(rooms, unit, found, who, opened.entries)
    place = _place(rooms, hers, opened.entries)
    state = Alert(alert.state)
    mine = found.taken_by == who.id and state not in UNTAKEN
    desk = colleagues(unit.conn, unit.now)
    return {
        "alert": alert,
        "number": found.number,
        "state": state.value,
        "state_words": words.of(words.STATES, state.value),
        "urgency": words.of(words.URGENCIES, str(alert.urgency)),
        "marks": [words.of(words.MARKS, code) for code in dict.fromkeys(one.kind.partition(".")[2] for one in opened.marks)],
        "pages": _pages(opened, {one.id: one.alias for one in members.everyone(unit.conn)}) if state in UNTAKEN else [],
        "nuisance_until": opened.nuisance_until,
        "reasons": [words.of(words.REASONS, code) for code in alert.reasons],
        "holder": next((one.alias for one in desk if one.id == found.taken_by), "") if not mine else "you",
        "mine": mine,
        "may_work": mine or (state is not Alert.CLOSED and "supervisor" in who.roles and state not in UNTAKEN),
        "may_claim": state in UNTAKEN or state is Alert.HANDED_OVER,
        "ended": state in FINAL,
        "case": hers,
        "lines": hers.lines if hers else (),
        "place": place,
        "colleagues": [one for one in desk if one.id != who.id],
        "lone": not any(one.on_duty for one in desk if one.id != who.id),
        "outcomes": words.OUTCOMES,
        "channels": words.CHANNELS,
        "services": _services(rooms, unit, hers, who, form),
        "waits": rows.queue(unit.conn, who.id, unit.now),
        "here_number": f"sos-{found.number}",
        "mark": mark(unit.conn, found.number, who.id),
    }


def _case(rooms: Rooms, unit: Unit, found: Found, who: Signed, entries: Any) -> Case | None:
    """Her case; for an alert without a person the entries alone."""
    if found.survivor_id is None:
        return case.of_nobody(unit, rooms, entries)
    return case.read(unit, rooms, found.survivor_id, viewer=who.id, entries=entries)


def _pages(opened: AlertView, aliases: Mapping[str, str]) -> list[str]:
    """Who was paged how, while nobody has taken it."""
    return [
        f"{aliases.get(one.member_id, 'a colleague')} by {words.of(words.CHANNELS, one.channel.value)}: {words.of({}, one.state.value)}"
        for one in opened.pages
    ]


def _place(rooms: Rooms, hers: Case | None, entries: Any) -> Place | None:
    """Only what she shared: the latest point, else the place that she named."""
    point, named = None, None
    for entry in entries:
        if entry.kind == "point" and entry.text:
            point = _point(entry.text)
        elif entry.kind == "place" and entry.text:
            named = rooms.gazetteer.place(entry.text) or named
    known = rooms.gazetteer.municipality_at(*point) if point else None
    at = known or named or (hers.place if hers else None)
    if at is None:
        return None
    lines = rooms.gazetteer.lines
    names = {one: (place.name if (place := rooms.gazetteer.municipality(one)) else one) for one in lines.ids}
    label = case.where(rooms, named.id) if named and not point else case.where(rooms, at.id)
    return Place(label, point is not None, map.draw(lines, at.municipality_id, names, point))


def _point(text: str) -> tuple[float, float] | None:
    lat, _, lon = text.partition(",")
    try:
        return float(lat), float(lon)
    except ValueError:
        return None


def _services(rooms: Rooms, unit: Unit, hers: Case | None, who: Signed, form: Mapping[str, str] | None) -> suitable.Services | None:
    """Confidential services are among them: that these were looked at is audited."""
    if form is None:
        return None
    known = suitable.Ask(category=(hers.wanted if hers else "") or suitable.DEFAULT, place=hers.place.name if hers and hers.place else "")
    rooms.audit.record(unit, "hidden.cards_read", actor=who.id)
    return suitable.suitable(
        rooms,
        unit.conn,
        suitable.ask_of(form, known) if "category" in form else known,
        unit.now,
        known=hers.place if hers else None,
        away=hers.away if hers else (),
        without_authorities=bool(hers and hers.police_barred),
    )
