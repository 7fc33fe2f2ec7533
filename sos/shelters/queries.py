"""Reads of the vault for operators' matching: cards only. The true place has its own door, `reveal`, and comes from nowhere here."""

import threading

from sqlalchemy import Connection, select

from sos.directory import queries as directory
from sos.directory.actions import HIDDEN
from sos.encryption import CannotOpen
from sos.shelters.models import HiddenService
from sos.shelters.vault import Card, open_card


class Cards:
    """Opened cards of one process, read again when the vault's version changes. `damaged`: ids of records that do not open."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._turn = threading.Lock()
        self._held: tuple[int, tuple[Card, ...]] = (-1, ())
        self.damaged: tuple[str, ...] = ()

    def all(self, conn: Connection) -> tuple[Card, ...]:
        """Every card that opens, by id: one damaged record must not hide the others at night; see `damaged`."""
        version = directory.version(conn, HIDDEN)
        held_version, held = self._held
        if held_version == version:
            return held
        with self._turn:
            rows = conn.execute(select(HiddenService.id, HiddenService.card).order_by(HiddenService.id))
            cards, damaged = [], []
            for row in rows:
                try:
                    cards.append(open_card(self._key, row.id, row.card))
                except CannotOpen:
                    damaged.append(row.id)
            self.damaged = tuple(damaged)
            self._held = (version, tuple(cards))
            return self._held[1]
