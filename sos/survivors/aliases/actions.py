"""Give a person an alias, and find her by it. Never lists aliases, never tells how many there are; nothing is readable without her key."""

from sqlalchemy import Connection, select

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import upsert
from sos.encryption import CannotOpen, open_sealed, seal
from sos.keys.keystore import Epoch, Keystore
from sos.survivors.aliases.models import AliasRow
from sos.survivors.words import plain

MOST = 40
"""Signs of an alias."""


class AliasTaken(Exception):
    """Another person has this alias."""


class BadAlias(Exception):
    """Empty, too long, or it looks like a number that could be hers."""


def index_of(epoch: Epoch, alias: str) -> bytes:
    """Under which an alias is found in this epoch."""
    return epoch.index_of(f"alias\x1f{plain(alias)}".encode())


class Aliases:
    """The writes of this part. `key`: the survivor's own key, 32 bytes."""

    def __init__(self, keystore: Keystore, audit: Audit) -> None:
        self._keystore = keystore
        self._audit = audit

    def give(self, unit: Unit, survivor_id: str, alias: str, *, key: bytes, by: str) -> None:
        """Call her so from now on, instead of an earlier alias. Raises BadAlias, AliasTaken."""
        alias = " ".join(alias.split())
        if not plain(alias) or len(alias) > MOST or sum(letter.isdigit() for letter in alias) > 4:
            raise BadAlias
        if self.find(unit.conn, alias) not in (None, survivor_id):
            raise AliasTaken
        epoch = self._keystore.current
        values = {
            "survivor_id": survivor_id,
            "epoch": epoch.id,
            "index": index_of(epoch, alias),
            "alias": seal(key, alias.encode(), table="aliases", column="alias", row=survivor_id),
            "given_by": by,
            "given_at": unit.now,
        }
        upsert(unit.conn, table_of(AliasRow), values, key="survivor_id")
        self._audit.record(unit, "survivor.alias_given", subject=survivor_id, actor=by)

    def find(self, conn: Connection, alias: str) -> str | None:
        """Whose alias this is: a survivor's id."""
        indexes = [index_of(epoch, alias) for epoch in self._keystore.epochs]
        return conn.execute(select(AliasRow.survivor_id).where(AliasRow.index.in_(indexes))).scalar()

    def alias_of(self, conn: Connection, survivor_id: str, *, key: bytes) -> str | None:
        """What she is called here."""
        sealed = conn.execute(select(AliasRow.alias).where(AliasRow.survivor_id == survivor_id)).scalar()
        if sealed is None:
            return None
        try:
            return open_sealed(key, sealed, table="aliases", column="alias", row=survivor_id).decode()
        except CannotOpen:
            return None
