"""The writes of this room in one face: what her messages cause and what people do. Risk logic may raise, never lower; nothing that comes from
her device closes or cancels an alert.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import insert

from sos.alerts import triage
from sos.alerts.book import Book
from sos.alerts.escalation.levels import Escalation
from sos.alerts.escalation.policies import Policies
from sos.alerts.escalation.policy import copied
from sos.alerts.escalation.presence import Presence
from sos.alerts.escalation.roster import Nobody, Roster
from sos.alerts.escalation.watching import Watching
from sos.alerts.handling import Handling
from sos.alerts.models import AlertRow
from sos.alerts.paging.actions import Paging
from sos.alerts.paging.pager import NoWays, Pager
from sos.alerts.paging.pages import Pages
from sos.alerts.raising import OpenAlert, Raised, Raising, spelt
from sos.alerts.states import Alert, Note, Source
from sos.audit.actions import Audit
from sos.conversations.herald import Herald, Silent
from sos.db.database import Unit
from sos.db.types import new_id
from sos.deadlines.actions import Handler
from sos.keys.keystore import Keystore
from sos.survivors.address import Address
from sos.survivors.keys import fresh

__all__ = ["Alerts", "OpenAlert", "Raised"]
LOAD_CAP: Final = 12
"""So many ordinary matters one person may hold; no SOS counts."""


def _nothing(_unit: Unit, _survivor_id: str) -> None:
    """Nothing waited for the end of this alert."""


class Alerts(Raising, Handling):
    """All writes. What is not given is silent: no staff, no ways, no texts, the built-in ladder."""

    def __init__(
        self,
        keystore: Keystore,
        audit: Audit,
        *,
        roster: Roster | None = None,
        pager: Pager | None = None,
        herald: Callable[[], Herald] = Silent,
        policies: Policies | None = None,
        closing: Callable[[Unit, str], None] = _nothing,
        load_cap: int = LOAD_CAP,
    ) -> None:
        book, pages = Book(keystore, audit), Pages(keystore, audit, pager or NoWays())
        staff = roster or Nobody()
        escalation = Escalation(book, pages, staff, policies or Policies(None), herald)
        Raising.__init__(self, keystore, audit, book, escalation)
        Handling.__init__(self, book, escalation, closing=closing, load_cap=load_cap)
        self._watching = Watching(book, escalation)
        self.presence = Presence(book, escalation, staff)
        self.paging = Paging(book, pages, escalation, take=self.take, show=self.being_shown)

    def handlers(self) -> dict[str, Handler]:
        """What each of an alert's deadlines does."""
        return self._watching.handlers()

    def open_by_person(
        self,
        unit: Unit,
        *,
        by: str,
        source: Source,
        words: str,
        survivor_id: str | None = None,
        address: Address | None = None,
        reason: str = "contact",
        language: str | None = None,
        country: str | None = None,
    ) -> str:
        """A person writes down a call or a visit: she has it already and is speaking with her, so nobody is paged. Returns the alert's id.

        Where this address has an open alert the words are added to that one. Raises Conflicted.
        """
        there = self._book.open_row(unit, address) if address else None
        if there is not None:
            self.note(unit, there.id, by, words)
            return str(there.id)
        epoch, alert_id = self._keystore.current, new_id()
        key, wrapped = fresh(epoch, table="alerts", row=alert_id)
        known = triage.first([reason[:32]])
        values = {
            "id": alert_id,
            "survivor_id": survivor_id,
            "state": Alert.ANSWERED.value,
            "reason": reason[:32],
            "count": 1,
            "key_epoch": epoch.id,
            "wrapped_key": wrapped,
            "fold_index": epoch.index_of(address.for_index()) if address else None,
            "address": key.seal(spelt(address), table="alerts", column="address", row=alert_id) if address else None,
            "source": source.value,
            "urgency": known.urgency.value,
            "reasons": list(known.reasons),
            "policy": copied(self._escalation.policy_for(unit, language=language, country=country)),
            "language": language,
            "country": country,
            "turn": 1,
            "taken_by": by,
            **dict.fromkeys(("raised_at", "last_at", "state_at", "acted_at", "opened_at", "answered_at"), unit.now),
        }
        unit.conn.execute(insert(AlertRow).values(values))
        row = self._book.row_for(unit, alert_id, by)
        self._book.append(unit, row, Note.WORDS.value, words, by=by)
        self._book.record(unit, "alert.opened_by_person", row, by)
        self._wait(unit, row, Alert.ANSWERED, 1)
        return alert_id
