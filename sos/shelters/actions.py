"""Writes to the vault. Nothing of a confidential service is written anywhere else, not even its number of rows into the public version."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, insert, select, update

from sos.db.database import Unit
from sos.directory.actions import HIDDEN, announce, remove_services
from sos.directory.entries import CapacityEntry, HiddenEntry
from sos.directory.models import Service
from sos.encryption import CannotOpen
from sos.shelters.errors import NoSuchHiddenService
from sos.shelters.models import HiddenService
from sos.shelters.vault import open_place, sealed


class Vault:
    """The vault's writing side. `key` is the keystore's place key, asked anew at each use by the caller."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def keep(self, unit: Unit, entry: HiddenEntry) -> str:
        """Seal the record: "added", "changed" or "unchanged". A public row of the same id goes. Raises NoFrontGate."""
        card, place = sealed(self._key, entry)
        row = entry.service.id
        held = unit.conn.execute(select(HiddenService.place).where(HiddenService.id == row)).scalar()
        if held is not None and self._same(row, held, entry):
            return "unchanged"
        if unit.conn.execute(select(Service.id).where(Service.id == row)).scalar() is not None:
            remove_services(unit, [row])
        if held is None:
            unit.conn.execute(insert(HiddenService).values(id=row, card=card, place=place))
        else:
            unit.conn.execute(update(HiddenService).where(HiddenService.id == row).values(card=card, place=place))
        announce(unit, HIDDEN)
        return "added" if held is None else "changed"

    def holds(self, unit: Unit, service_id: str) -> bool:
        """Whether this id is a confidential service: an import may not make it public."""
        return unit.conn.execute(select(HiddenService.id).where(HiddenService.id == service_id)).scalar() is not None

    def set_capacity(self, unit: Unit, service_id: str, capacities: Sequence[CapacityEntry]) -> None:
        """Replace its confirmed capacity. Raises NoSuchHiddenService."""
        held = unit.conn.execute(select(HiddenService.place).where(HiddenService.id == service_id)).scalar()
        if held is None:
            raise NoSuchHiddenService("no confidential service has this id")
        entry = open_place(self._key, service_id, held)
        changed = replace(entry, service=replace(entry.service, capacities=tuple(sorted(capacities, key=lambda one: one.kind))))
        card, place = sealed(self._key, changed)
        unit.conn.execute(update(HiddenService).where(HiddenService.id == service_id).values(card=card, place=place))
        announce(unit, HIDDEN)

    def forget(self, unit: Unit, service_id: str) -> None:
        """Remove the record. Raises NoSuchHiddenService."""
        if unit.conn.execute(delete(HiddenService).where(HiddenService.id == service_id)).rowcount != 1:
            raise NoSuchHiddenService("no confidential service has this id")
        announce(unit, HIDDEN)

    def _same(self, row: str, held: bytes, entry: HiddenEntry) -> bool:
        try:
            return open_place(self._key, row, held) == entry
        except CannotOpen:
            return False
