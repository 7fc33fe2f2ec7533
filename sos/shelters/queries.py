"""Reads of the vault for operators' matching: cards only. The true place has its own door, `reveal`, and comes from nowhere here."""

import threading

from sqlalchemy import Connection, select

from sos.directory import queries as directory
from sos.directory.actions import HIDDEN
from sos.shelters.models import HiddenService
from sos.shelters.vault import Card, open_card


class Cards:
    """Opened cards of one process, read again when the vault's version changes."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._turn = threading.Lock()
        self._held: tuple[int, tuple[Card, ...]] = (-1, ())

    def all(self, conn: Connection) -> tuple[Card, ...]:
        """Every card, by id. Raises CannotOpen."""
        version = directory.version(conn, HIDDEN)
        held_version, cards = self._held
        if held_version == version:
            return cards
        with self._turn:
            rows = conn.execute(select(HiddenService.id, HiddenService.card).order_by(HiddenService.id))
            cards = tuple(open_card(self._key, row.id, row.card) for row in rows)
            self._held = (version, cards)
            return cards
