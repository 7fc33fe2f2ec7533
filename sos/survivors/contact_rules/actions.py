"""Keep and read her contact rules. What cannot be read allows nothing; there is no default that writes to her."""

import json

from sqlalchemy import Connection, bindparam, delete, select

from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.statements import upsert
from sos.encryption import CannotOpen
from sos.survivors.contact_rules.models import ContactRulesRow
from sos.survivors.contact_rules.rules import Rules
from sos.survivors.keys import PersonKey

_TABLE = table_of(ContactRulesRow)
_RULES = select(_TABLE.c.rules).where(_TABLE.c.survivor_id == bindparam("of"))


def keep(unit: Unit, survivor_id: str, key: PersonKey, rules: Rules) -> None:
    """Her rules from now on; earlier ones are gone."""
    sealed = key.seal(json.dumps(rules.to_json()).encode(), table="contact_rules", column="rules", row=survivor_id)
    upsert(unit.conn, _TABLE, {"survivor_id": survivor_id, "rules": sealed, "updated_at": unit.now}, key="survivor_id")


def rules_of(conn: Connection, survivor_id: str, key: PersonKey) -> Rules | None:
    """Her rules; None where she gave none, or they cannot be read: then nothing leaves unasked."""
    sealed = conn.execute(_RULES, {"of": survivor_id}).scalar()
    if sealed is None:
        return None
    try:
        return Rules.from_json(json.loads(key.open(sealed, table="contact_rules", column="rules", row=survivor_id)))
    except (CannotOpen, ValueError, TypeError, KeyError):
        return None


def forget(unit: Unit, survivor_id: str) -> None:
    """She has no rules any more."""
    unit.conn.execute(delete(ContactRulesRow).where(ContactRulesRow.survivor_id == survivor_id))
