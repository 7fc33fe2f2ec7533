"""An operator opens a contact or an alert from a telephone call or a visit. Opens no way to write to her: she says when and how."""

import re
from collections.abc import Mapping
from typing import Final

from sos.access.permission_map import Signed
from sos.alerts import bars
from sos.alerts.states import Source
from sos.console import people_acts
from sos.db.database import Unit
from sos.rooms import Rooms
from sos.staff.states import TaskKind
from sos.survivors.address import Address, Channel

_NUMBER: Final = re.compile(r"\+[1-9][0-9]{7,14}")
LONGEST: Final = 4000
DANGERS: Final = (
    "violence",
    "weapon",
    "death_threat",
    "choking",
    "injury",
    "suicide",
    "overdose",
    "sexual_violence",
    "children_in_danger",
    "at_the_door",
    "locked_in",
    "fire",
)
"""Reasons that a call can have; they say how urgent it stands in the queue (sos/alerts/triage.py)."""


class NotOpened(Exception):
    """What is missing, as a sentence for the person; holds no word of what was written."""


def opened(rooms: Rooms, unit: Unit, by: Signed, form: Mapping[str, str]) -> str:
    """Open it; returns the address of its page. Raises NotOpened, NoSuchAlert."""
    text = form.get("text", "").strip()[:LONGEST]
    if not text:
        raise NotOpened("Write down what she said, or that she came. Nothing was opened.")
    address = _address(form.get("number", ""))
    survivor_id = rooms.survivors.open_by_person(unit, address=address, by=by.id)
    if survivor_id in bars.survivors(unit.conn, by.id):
        _for_others(rooms, unit, by, form, text, address, survivor_id)
        survivor_id = rooms.survivors.open_by_person(unit, address=None, by=by.id)
    key = rooms.survivors.key_of(unit, survivor_id)
    said = people_acts.alias(people_acts.Doing(rooms, unit, survivor_id, by, form)) if form.get("alias", "").strip() else ""
    if said:
        raise NotOpened(said)
    if form.get("from") and form.get("to"):
        people_acts.rules(people_acts.Doing(rooms, unit, survivor_id, by, form))
    source, language = _source(form), form.get("language") or None
    if form.get("danger"):
        alert_id = rooms.alerts.open_by_person(
            unit, by=by.id, source=source, words=text, survivor_id=survivor_id, reason=_reason(form), language=language
        )
        found = bars.seen(unit.conn, alert_id, by.id)
        return f"/staff/alerts/{found.number}" if found else "/staff"
    rooms.tasks.leave(unit, kind=TaskKind.CONTACT_HER, survivor_id=survivor_id, note=text, key=key.raw, by=by.id)
    return f"/staff/people/{survivor_id}"


def _for_others(
    rooms: Rooms, unit: Unit, by: Signed, form: Mapping[str, str], text: str, address: Address | None, survivor_id: str
) -> None:
    """She is known, and her case does not exist for whoever writes this down: what was written reaches those for whom it does, as an SOS that
    pages them or as a task. The writer gets a record of a person without a number, as for one who was never here.
    """
    if form.get("danger"):
        rooms.alerts.raise_alert(
            unit,
            address=address,
            survivor_id=survivor_id,
            reason=_reason(form),
            words=text,
            language=form.get("language") or None,
            source=_source(form),
            by=by.id,
        )
        return
    key = rooms.survivors.key_of(unit, survivor_id)
    rooms.tasks.leave(unit, kind=TaskKind.CONTACT_HER, survivor_id=survivor_id, note=text, key=key.raw, by=by.id)


def _source(form: Mapping[str, str]) -> Source:
    return Source.VISIT if form.get("source") == Source.VISIT.value else Source.PHONE


def _reason(form: Mapping[str, str]) -> str:
    """What the danger is, as the person on the telephone heard it; violence where nothing was chosen."""
    chosen = form.get("reason", "")
    return chosen if chosen in DANGERS else DANGERS[0]


def _address(number: str) -> Address | None:
    """A number in its international form; none is no mistake. Raises NotOpened."""
    plain = re.sub(r"[\s/()-]", "", number)
    if not plain:
        return None
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if not _NUMBER.fullmatch(plain):
        raise NotOpened("The number must begin with + and the country, like +383. Leave it empty if she has none. Nothing was opened.")
    return Address(Channel.SMS, plain)
