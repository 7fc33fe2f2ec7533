"""One-time codes: six digits texted to a number, or eight letters shown in the console. Only their HMAC is kept; never logged, never shown twice."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update

from sos.db.database import Unit
from sos.db.types import new_id
from sos.keys.keystore import Keystore
from sos.staff.keys import staff_index
from sos.staff.reach.models import CodeRow
from sos.staff.reach.states import By

LASTS = timedelta(minutes=15)
TRIES = 5
A_DAY = 5
"""So many numbers a day may get a code at one member's wish: they may be anybody's."""
_KEPT = timedelta(days=1)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LINK_LENGTH = 8


def texted(unit: Unit, keystore: Keystore, *, member_id: str, way_id: str) -> str:
    """Six digits for this number; an earlier code of hers by SMS ends."""
    code = f"{secrets.randbelow(1_000_000):06}"
    _keep(unit, keystore, member_id, By.SMS, way_id, code)
    return code


def shown(unit: Unit, keystore: Keystore, *, member_id: str) -> str:
    """Eight letters and digits that cannot be mistaken for one another; an earlier one of hers ends."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(LINK_LENGTH))
    _keep(unit, keystore, member_id, By.TELEGRAM, None, code)
    return code


def spend_texted(unit: Unit, keystore: Keystore, *, member_id: str, code: str) -> str | None:
    """The way that her code proves; None for a wrong, old, spent or too often tried one. Every try counts."""
    row = unit.conn.execute(_open(unit, By.SMS).where(CodeRow.member_id == member_id)).first()
    if row is None:
        return None
    counted = update(CodeRow).where(CodeRow.id == row.id, CodeRow.tries < TRIES).values(tries=CodeRow.tries + 1)
    if unit.conn.execute(counted).rowcount != 1 or row.code_index != _index(keystore, row.id, code):
        return None
    return row.way_id if _spend(unit, row.id) else None


def spend_shown(unit: Unit, keystore: Keystore, *, code: str) -> str | None:
    """Whose code this is; None for a wrong, old or spent one."""
    row = unit.conn.execute(_open(unit, By.TELEGRAM).where(CodeRow.code_index == _index(keystore, "", code.upper()))).first()
    return row.member_id if row is not None and _spend(unit, row.id) else None


def asked_today(unit: Unit, member_id: str) -> int:
    """How many codes by SMS she has asked for in a day."""
    since = CodeRow.made_at > unit.now - _KEPT
    wanted = select(func.count()).select_from(CodeRow).where(CodeRow.member_id == member_id, CodeRow.channel == By.SMS.value, since)
    return int(unit.conn.execute(wanted).scalar_one())


def forget_old(unit: Unit) -> int:
    """Drop codes that were made a day ago."""
    return unit.conn.execute(delete(CodeRow).where(CodeRow.made_at < unit.now - _KEPT)).rowcount


def _keep(unit: Unit, keystore: Keystore, member_id: str, by: By, way_id: str | None, code: str) -> None:
    earlier = update(CodeRow).where(CodeRow.member_id == member_id, CodeRow.channel == by.value, CodeRow.used_at.is_(None))
    unit.conn.execute(earlier.values(used_at=unit.now))
    row = new_id()
    values = {
        "id": row,
        "member_id": member_id,
        "channel": by.value,
        "way_id": way_id,
        "code_index": _index(keystore, row if by is By.SMS else "", code),
        "made_at": unit.now,
        "expires_at": unit.now + LASTS,
        "tries": 0,
    }
    unit.conn.execute(insert(CodeRow).values(values))


def _open(unit: Unit, by: By):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the library's own generic
    return select(CodeRow.__table__).where(CodeRow.channel == by.value, CodeRow.used_at.is_(None), CodeRow.expires_at > unit.now)


def _spend(unit: Unit, row: str) -> bool:
    return unit.conn.execute(update(CodeRow).where(CodeRow.id == row, CodeRow.used_at.is_(None)).values(used_at=unit.now)).rowcount == 1


def _index(keystore: Keystore, row: str, code: str) -> bytes:
    return staff_index(keystore, "code", f"{row}\x1f{code}")
