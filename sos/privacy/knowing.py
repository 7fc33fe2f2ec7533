"""What do you know about me (DOMAIN 11): every field that is kept of her, in the clear for her alone, and everybody who did something with it.

Goes by the inventory, so that a table that is added there is told here, or its test fails. Shows no key and no agreed word; never asked but after her
check word, and that she asked is audited, too.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, TableClause, select
from sqlalchemy import column as column_clause
from sqlalchemy import table as table_clause

from sos.alerts.points import actions as points
from sos.audit.actions import Audit
from sos.audit.models import AuditRow
from sos.db.base import Base
from sos.db.database import Unit
from sos.encryption import CannotOpen
from sos.keys.keystore import Keystore
from sos.privacy.inventory import COLUMNS, Class
from sos.staff.members.queries import member
from sos.survivors.actions import Known
from sos.survivors.keys import KeyGone, PersonKey, unwrap
from sos.survivors.own_keys import unwrap_within

HERS: Final = "survivor_id"
LINKED: Final[Mapping[str, str]] = {
    "alert_entries": "alert_id",
    "alert_points_keys": "alert_id",
    "evidence_chunks": "evidence_id",
    "pages": "alert_id",
    "unasked_calls": "alert_id",
    "task_notes": "task_id",
    "risk_answers": "subject",
    "referral_events": "referral_id",
    "outside_links": "referral_id",
    "document_steps": "case_id",
    "applications": "id",
    "deadlines": "subject",
}
"""Tables that hang on something of hers by its id -> the column that names it."""
TOLD_AS_ACTS: Final = frozenset({"audit"})
"""Told as who did what, and not row by row."""
WITHHELD: Final = frozenset({("words", "word"), ("phrases", "phrase"), ("evidence_chunks", "body")})
"""That it is there is said; it is not shown: an agreed word must not stand on a screen, and her originals stand in her evidence."""
_LEADS: Final = ("id", "application_id")
"""Columns by whose value further rows of hers are found."""
_KEYS: Final = "wrapped_key"
_WITHIN: Final = frozenset({"evidence", "own_plans"})
_BY: Final = ("_by", "_to", "member_id")
_MOST: Final = 400


class How(StrEnum):
    """How a field is told."""

    SAID = "said"  #: as it stands
    OPENED = "opened"  #: it was sealed
    WITHHELD = "withheld"  #: it is there and never shown: a key, a fingerprint, an agreed word
    SHUT = "shut"  #: it does not open with her key


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `value`: a text, number or moment; None where nothing is kept or shown."""

    name: str
    how: How
    value: str | int | float | datetime | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table, told."""

    table: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody did something with what is hers. `who`: alias and roles; empty for herself (`hers`) and for the program."""

    at: datetime
    kind: str
    who: str
    hers: bool


@dataclass(frozen=True, slots=True)
class Told:
    """All of it, by table in the inventory's order, and every act in the order of time."""

    records: tuple[Record, ...] = field(repr=False, default=())
    acts: tuple[Act, ...] = ()


def tables() -> tuple[str, ...]:
    """The tables that hold something of a survivor."""
    return tuple(name for name in COLUMNS if HERS in columns(name) or name in LINKED)


def columns(table: str) -> dict[str, Class]:
    """Column -> class, of a table of the inventory."""
    return {name: kind for kind, names in COLUMNS[table].items() for name in names.split()}


class Knowing:
    """Tells her what is kept of her."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def tell(self, unit: Unit, known: Known) -> Told:
        """Everything. `known`: she, proven by her check word in this unit."""
        self._audit.record(unit, "survivor.asked_known", subject=known.id, actor="survivor")
        ids, rows = {known.id}, dict[str, list[Mapping[str, Any]]]()
        direct = [name for name in tables() if name not in LINKED]
        for name in direct:
            rows[name] = _rows(unit.conn, name, HERS, [known.id])
            ids |= {str(row[column]) for row in rows[name] for column in _LEADS if row.get(column)}
        own = _rows(unit.conn, "survivors", "id", [known.id])
        for name, column in LINKED.items():
            if name in COLUMNS:
                rows[name] = _rows(unit.conn, name, column, sorted(ids))
                ids |= {str(row["id"]) for row in rows[name] if row.get("id")}
        alert_keys = self._alert_keys(rows.get("alerts", []))
        alert_keys |= {f"points {one}": key for one, key in self._points_keys(unit.conn, tuple(alert_keys)).items()}
        told = [self._record(unit.conn, "survivors", row, known, alert_keys) for row in own]
        for name in (name for name in COLUMNS if name in rows):
            told += [self._record(unit.conn, name, row, known, alert_keys) for row in rows[name]]
        links = [row["link"].hex() for row in rows.get("evidence", []) if row["link"]]
        return Told(tuple(told), tuple(_acts(unit.conn, [*sorted(ids), *links])))

    def _alert_keys(self, alerts: Iterable[Mapping[str, Any]]) -> dict[str, PersonKey]:
        keys: dict[str, PersonKey] = {}
        for alert in alerts:
            try:
                keys[alert["id"]] = unwrap(
                    self._keystore, epoch=alert["key_epoch"], wrapped=alert["wrapped_key"], table="alerts", row=alert["id"]
                )
            except KeyGone:
                continue
        return keys

    def _points_keys(self, conn: Connection, alert_ids: Iterable[str]) -> dict[str, PersonKey]:
        found = {one: points.key_of(conn, self._keystore, one) for one in alert_ids}
        return {one: key for one, key in found.items() if key is not None}

    def _record(self, conn: Connection, table: str, row: Mapping[str, Any], known: Known, alert_keys: Mapping[str, PersonKey]) -> Record:
        keys = [known.key, *self._within(table, row, known.key)]
        of_alert = alert_keys.get(str(row["id"] if table == "alerts" else row.get("alert_id")))
        of_points = alert_keys.get(f"points {row.get('alert_id')}")
        keys += [one for one in (of_alert, of_points) if one]
        return Record(table, tuple(_field(conn, table, name, kind, row, keys) for name, kind in columns(table).items()))

    def _within(self, table: str, row: Mapping[str, Any], hers: PersonKey) -> list[PersonKey]:
        if table not in _WITHIN:
            return []
        try:
            return [unwrap_within(self._keystore, hers, epoch=row["key_epoch"], wrapped=row["wrapped_key"], table=table, row=row["id"])]
        except KeyGone:
            return []


def _rows(conn: Connection, table: str, column: str, values: list[str]) -> list[Mapping[str, Any]]:
    found = _table(table)
    rows: list[Mapping[str, Any]] = []
    for start in range(0, len(values), _MOST):
        wanted = select(found).where(found.c[column].in_(values[start : start + _MOST]))
        rows += [dict(row) for row in conn.execute(wanted.order_by(*found.primary_key)).mappings()]
    return rows


def _table(name: str) -> TableClause:
    """The table with its types; where nobody in this process has loaded its room, by the inventory alone: nothing of hers is left out."""
    loaded = Base.metadata.tables.get(name)
    return loaded if loaded is not None else table_clause(name, *(column_clause(column) for column in columns(name)))


def _field(conn: Connection, table: str, name: str, kind: Class, row: Mapping[str, Any], keys: list[PersonKey]) -> Field:
    value = row[name]
    if value is None:
        return Field(name, How.SAID)
    if kind is Class.INDEX or name == _KEYS or (table, name) in WITHHELD:
        return Field(name, How.WITHHELD)
    if kind is Class.SEALED:
        text = _opened(table, name, row, keys)
        return Field(name, How.SHUT) if text is None else Field(name, How.OPENED, text)
    if name == "by" or name.endswith(_BY):
        return Field(name, How.SAID, _who(conn, str(value)) or str(value))
    if isinstance(value, bytes):
        return Field(name, How.WITHHELD)
    return Field(name, How.SAID, value if isinstance(value, str | int | float | datetime) else json.dumps(value, ensure_ascii=False))


def _opened(table: str, column: str, row: Mapping[str, Any], keys: list[PersonKey]) -> str | None:
    """The value in the clear, by whichever of her keys it was sealed for its row, or for her."""
    for place in (row.get("id"), row.get(HERS)):
        for key in keys if place else ():
            try:
                return _plain(key.open(row[column], table=table, column=column, row=str(place)))
            except CannotOpen:
                continue
    return None


def _plain(opened: bytes) -> str:
    try:
        content = json.loads(opened)
    except ValueError:
        return opened.decode("utf-8", "replace").replace("\x1f", " ")
    if not isinstance(content, dict):
        return str(content)
    if isinstance(content.get("text"), str):  # something said: her words or ours, and the answers that were offered
        labels = [str(one.get("label")) for one in content.get("buttons") or [] if isinstance(one, dict)]
        return "\n".join([content["text"], *([" | ".join(labels)] if labels else [])])
    return "\n".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}" for name, value in content.items()
    )


def _acts(conn: Connection, subjects: list[str]) -> list[Act]:
    acts: list[Act] = []
    names: dict[str, str] = {}
    for start in range(0, len(subjects), _MOST):
        wanted = select(AuditRow.at, AuditRow.kind, AuditRow.actor).where(AuditRow.subject.in_(subjects[start : start + _MOST]))
        for row in conn.execute(wanted):
            if row.actor not in names:
                names[row.actor] = _who(conn, row.actor)
            acts.append(Act(row.at, row.kind, names[row.actor], hers=row.actor == "survivor"))
    return sorted(acts, key=lambda act: act.at)


def _who(conn: Connection, member_id: str) -> str:
    """Alias and roles of a member; empty for whoever is none."""
    found = member(conn, member_id)
    return f"{found.alias} ({', '.join(sorted(role.value.replace('_', ' ') for role in found.roles))})" if found else ""
