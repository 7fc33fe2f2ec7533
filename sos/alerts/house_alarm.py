"""A house rings for itself: somebody is at its own door. An emergency that pages everybody at once. Bears which house, sealed; never where it is."""

from typing import Final

from sqlalchemy import select

from sos.alerts.actions import Alerts, Raised
from sos.alerts.book import ENTRIES, Book
from sos.alerts.states import Note, Source
from sos.db.database import Unit
from sos.encryption import index
from sos.keys.keystore import Keystore
from sos.survivors.address import Address, Channel

REASON: Final = "house_rings"
WORDS: Final = "A house rings for itself at its own door. Its place opens below, with a reason."


class HouseAlarm:
    """The alarm of a house, and which house an alert is about."""

    def __init__(self, keystore: Keystore, alerts: Alerts, book: Book) -> None:
        self._keystore = keystore
        self._alerts = alerts
        self._book = book

    def ring(self, unit: Unit, service_id: str, *, by: str) -> Raised:
        """Raise it, or count up the one that stands for this house; whoever can answer is paged, on duty or not. Never refuses."""
        raised = self._alerts.raise_alert(
            unit, address=self._bell(service_id), survivor_id=None, reason=REASON, words=WORDS, source=Source.SHELTER
        )
        if not raised.repeated:
            self._book.append(unit, self._book.row(unit, raised.id), Note.HOUSE.value, service_id, by=by)
            self._alerts.page_everyone(unit, raised.id)
        return raised

    def house_of(self, unit: Unit, alert_id: str) -> str | None:
        """The service id of the house that rang; None for every other alert, and where its key is gone."""
        row = self._book.row(unit, alert_id)
        entry = unit.conn.execute(select(ENTRIES).where(ENTRIES.c.alert_id == alert_id, ENTRIES.c.kind == Note.HOUSE.value)).first()
        key = self._book.key(row)
        if entry is None or entry.body is None or key is None:
            return None
        return key.open(entry.body, table="alert_entries", column="body", row=entry.id).decode()

    def _bell(self, service_id: str) -> Address:
        """An address that nobody can write from, so that a second ring of this house folds into the first."""
        return Address(Channel.WEB, f"house-{index(self._keystore.place_key, f'bell {service_id}'.encode()).hex()[:24]}")
