"""Whether a person exists for the member who asks. Whoever is barred, or was never there, gets the same 404."""

from http import HTTPStatus

from flask import abort
from sqlalchemy import Connection

from sos.alerts import bars
from sos.console import case
from sos.console.house import House
from sos.console.shell import me
from sos.db.database import Unit


def require(house: House, conn: Connection, survivor_id: str) -> None:
    """404 unless she exists for this member."""
    if survivor_id in bars.survivors(conn, me().id) or not house.rooms.survivors.exists(conn, survivor_id):
        abort(HTTPStatus.NOT_FOUND)


def alias(house: House, unit: Unit, survivor_id: str) -> str:
    """What she is called here; empty without an alias. 404 where she was forgotten."""
    key = case.key_of(unit, house.rooms, survivor_id)
    if key is None:
        abort(HTTPStatus.NOT_FOUND)
    return house.rooms.aliases.alias_of(unit.conn, survivor_id, key=key.raw) or ""
