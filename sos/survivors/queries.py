"""Looks at the survivors' room without a key. Never tells who."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from sos.survivors.models import ContactRow, SurvivorRow


@dataclass(frozen=True, slots=True)
class Contact:
    """An address, still sealed under its person's key."""

    id: str
    survivor_id: str
    channel: str
    address: bytes = field(repr=False)


def contact_of(conn: Connection, index: bytes) -> Contact | None:
    """The address with this index: who a message is from that does not open any more."""
    wanted = select(ContactRow.id, ContactRow.survivor_id, ContactRow.channel, ContactRow.address).where(ContactRow.index == index)
    row = conn.execute(wanted).one_or_none()
    return Contact(*row) if row else None


def anybody(conn: Connection) -> bool:
    """Whether anybody has ever written to this installation."""
    return conn.execute(select(SurvivorRow.id).limit(1)).first() is not None
