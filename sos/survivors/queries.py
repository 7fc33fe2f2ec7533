"""Looks at the survivors' room without a key. Never tells who."""

from sqlalchemy import Connection, select

from sos.survivors.models import SurvivorRow


def anybody(conn: Connection) -> bool:
    """Whether anybody has ever written to this installation."""
    return conn.execute(select(SurvivorRow.id).limit(1)).first() is not None
