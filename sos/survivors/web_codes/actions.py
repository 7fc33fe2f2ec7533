"""From the telephone to the web page: the page shows a code, she texts it, and the page is one more address of hers (DOMAIN 11, 12, 19).

What travels by SMS is spent in that moment and opens nothing by itself: the box that it makes is empty, and what is hers opens in it only after her
check word. A code is bound to the one page that shows it; a page that was used before, or is somebody's already, is let go of first.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.keys.keystore import Keystore
from sos.survivors.actions import Known, Survivors
from sos.survivors.address import Channel
from sos.survivors.web_codes.models import WebCodeRow

LASTS: Final = timedelta(minutes=10)
DIGITS: Final = 10
"""Ten thousand million codes, five tries an hour a sender: even a flood of forged senders finds none in ten minutes but by a miracle."""


class WebCodes:
    """The writes of this topic."""

    def __init__(self, keystore: Keystore, audit: Audit, survivors: Survivors) -> None:
        self._keystore = keystore
        self._audit = audit
        self._survivors = survivors

    def make(self, unit: Unit, page: Known) -> str:
        """A fresh code of ten digits for this web page; an earlier one of it ends."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        unit.conn.execute(delete(WebCodeRow).where(WebCodeRow.contact_id == page.contact_id))
        values = {"contact_id": page.contact_id, "survivor_id": page.id, "until": unit.now + LASTS}
        unit.conn.execute(insert(WebCodeRow).values(values | {"index": self._keystore.current.index_of(_index(code))}))
        return code

    def redeem(self, unit: Unit, code: str, her: Known, *, may_join: Callable[[Known], bool]) -> bool:
        """The page of this code becomes an address of hers, with an empty box; pages that were hers before are nobody's. False changes nothing.

        `may_join`: whether whoever wrote on this page so far may be let go of.
        """
        indexes = [epoch.index_of(_index(code)) for epoch in self._keystore.epochs]
        row = unit.conn.execute(select(WebCodeRow.__table__).where(WebCodeRow.index.in_(indexes))).one_or_none()
        if row is None or row.until <= unit.now:
            return False
        page = self._survivors.known_at(unit, row.contact_id)
        if page is None or page.id == her.id or page.address.channel is not Channel.WEB or not may_join(page):
            return False
        if unit.conn.execute(delete(WebCodeRow).where(WebCodeRow.contact_id == row.contact_id)).rowcount != 1:
            return False
        self.close_pages(unit, her)
        self._survivors.also_at(unit, her, page.address)
        return True

    def close_pages(self, unit: Unit, her: Known) -> bool:
        """From now on no web page is hers; whether there was one."""
        return self._survivors.detach_all(unit, her, Channel.WEB) > 0


def forget_old(unit: Unit) -> int:
    """Drop codes whose time is over."""
    return unit.conn.execute(delete(WebCodeRow).where(WebCodeRow.until < unit.now)).rowcount


def _index(code: str) -> bytes:
    return f"web code\x1f{code}".encode()
