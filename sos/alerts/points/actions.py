"""The key of the points that she shares while an alert is open (DOMAIN 6). The alert's own key lives on for as long as the alert is kept, and with
it every old copy; this one is destroyed when the alert ends, so that within seven days no backup shows where she moved.
"""

from sqlalchemy import Connection, insert, select, update

from sos.alerts.points.models import PointsKeyRow
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.keys.keystore import Keystore
from sos.survivors.keys import KeyGone, PersonKey, fresh, unwrap

_KEYS = table_of(PointsKeyRow)


def key_of(conn: Connection, keystore: Keystore, alert_id: str) -> PersonKey | None:
    """The key of this alert's points; None where none were shared, or it is destroyed."""
    row = conn.execute(select(_KEYS).where(_KEYS.c.alert_id == alert_id)).one_or_none()
    if row is None:
        return None
    try:
        return unwrap(keystore, epoch=row.key_epoch, wrapped=row.wrapped_key, table=_KEYS.name, row=row.id)
    except KeyGone:
        return None


def key_for(unit: Unit, keystore: Keystore, alert_id: str) -> PersonKey | None:
    """The same, made where no point was shared before. The alert's row is locked by the caller."""
    if unit.conn.execute(select(_KEYS.c.id).where(_KEYS.c.alert_id == alert_id)).first() is not None:
        return key_of(unit.conn, keystore, alert_id)
    epoch, row = keystore.current, new_id()
    key, wrapped = fresh(epoch, table=_KEYS.name, row=row)
    unit.conn.execute(insert(_KEYS).values(alert_id=alert_id, id=row, key_epoch=epoch.id, wrapped_key=wrapped))
    return key


def destroy(unit: Unit, keystore: Keystore, alert_id: str) -> None:
    """Destroy it, in this transaction and in the keystore's memory for restored backups."""
    live = select(_KEYS.c.id).where(_KEYS.c.alert_id == alert_id, _KEYS.c.wrapped_key.is_not(None))
    found = unit.conn.execute(live).scalar()
    if found is not None:
        keystore.note_erased(found)
        unit.conn.execute(update(PointsKeyRow).where(PointsKeyRow.alert_id == alert_id).values(wrapped_key=None))
