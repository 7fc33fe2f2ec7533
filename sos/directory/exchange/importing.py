"""One import: read every row, compare with what is there, write all or nothing, report row by row.

The same file twice changes nothing. A confidential record goes to the hidden store and nowhere else; a service that is confidential already
is never made public by a file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sos.db.database import Unit
from sos.directory import actions, queries
from sos.directory.entries import OrganisationEntry, ServiceEntry
from sos.directory.errors import NotReadable
from sos.directory.exchange.csv_in import CsvReader, merged
from sos.directory.exchange.hsds_files import services_in
from sos.directory.exchange.hsds_in import HsdsReader
from sos.directory.exchange.reading import csv_rows
from sos.directory.exchange.rows import Done, HiddenStore, Row


class _NotThisTime(Exception):
    """Undoes the savepoint of a dry run, or of an import in which one row is bad."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each row. `written`: whether anything was meant to stay."""

    rows: tuple[Row, ...]
    written: bool

    @property
    def bad(self) -> int:
        """How many rows could not be imported."""
        return sum(row.done is Done.ERROR for row in self.rows)

    def count(self, done: Done) -> int:
        """How many rows ended so."""
        return sum(row.done is done for row in self.rows)


def hsds_rows(path: Path, reader: HsdsReader) -> list[Row]:
    """Every service of the file or folder. Raises NotReadable."""
    return [reader.row(number, given) for number, given in services_in(path)]


def csv_entries(path: Path, reader: CsvReader) -> list[Row]:
    """Every row of the file. Raises NotReadable, also for a file without a row."""
    rows: list[Row] = []
    columns: dict[str, str] | None = None
    for number, cells in csv_rows(path):
        columns = columns or reader.columns(cells, path.name)
        rows.append(reader.row(number, cells, columns))
    if columns is None:
        raise NotReadable(f"{path.name}: no row below the column names")
    return rows


def run(
    unit: Unit,
    rows: Sequence[Row],
    *,
    hidden: HiddenStore,
    source: str,
    skip_bad: bool = False,
    dry_run: bool = False,
    later_holds: bool = False,
) -> Report:
    """Import the rows in this transaction. With a bad row and without `skip_bad`, nothing is written.

    `later_holds`: of two records with one id and name the later one is taken (HSDS feeds repeat services); otherwise that is an error.
    """
    _join_places(rows, later_holds=later_holds)
    _one_organisation_each(unit, rows)
    written = False
    try:
        with unit.savepoint():
            _write(unit, rows, hidden, source)
            if dry_run or (not skip_bad and any(row.error for row in rows)):
                raise _NotThisTime
            written = True
    except _NotThisTime:
        if not dry_run:
            for row in rows:
                row.done = Done.ERROR if row.error else Done.HELD_BACK
    return Report(tuple(rows), written)


def _write(unit: Unit, rows: Sequence[Row], hidden: HiddenStore, source: str) -> None:
    ids = [row.entry.id for row in rows if row.entry]
    known = {entry.id: entry for entry in queries.services(unit.conn, sorted(set(ids)))}
    changed: list[ServiceEntry] = []
    for row in rows:
        if row.error:
            row.done = Done.ERROR
        elif row.done is Done.DUPLICATE:
            continue
        elif row.hidden:
            row.done = Done(hidden.keep(unit, row.hidden))
        elif row.entry and hidden.holds(unit, row.entry.id):
            row.error, row.done = "this service is confidential here: a file cannot make it public", Done.ERROR
        elif row.entry:
            row.done = _compared(row.entry, known.get(row.entry.id))
            if row.done is not Done.UNCHANGED:
                changed.append(replace(row.entry, source=source))
    known_organisations = [organisation.id for organisation in queries.organisations(unit.conn)]
    actions.save_services(unit, changed, known=known, known_organisations=known_organisations)


def _compared(entry: ServiceEntry, held: ServiceEntry | None) -> Done:
    if held is None:
        return Done.ADDED
    return Done.UNCHANGED if held == entry else Done.CHANGED


def _join_places(rows: Iterable[Row], *, later_holds: bool) -> None:
    """Lines of one service at several places become one entry; the same record twice is a duplicate; two that differ are an error."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.error or not row.id:
            continue
        before = first.setdefault(row.id, row)
        if before is row:
            continue
        if row.entry and before.entry and (joined := merged(before.entry, row.entry)) is not None:
            row.notes.append(f"joined with line {before.line}" if joined != before.entry else f"the same as line {before.line}")
            before.entry, row.done = joined, Done.DUPLICATE
        elif row.hidden and before.hidden and row.hidden == before.hidden:
            row.done = Done.DUPLICATE
        elif later_holds and row.entry and before.entry and row.entry.name == before.entry.name:
            before.entry, row.done = row.entry, Done.DUPLICATE
            row.notes.append(f"the same id as line {before.line}: this later record holds")
        else:
            row.error = f"the same id as line {before.line}, but another record"


def _one_organisation_each(unit: Unit, rows: Iterable[Row]) -> None:
    """An organisation that several rows describe gets one description: what is held, overlaid by the first word that this file says."""
    held = {organisation.id: organisation for organisation in queries.organisations(unit.conn)}
    said: dict[str, OrganisationEntry] = {}
    for row in rows:
        if row.entry and not row.error:
            own = row.entry.organisation
            said[own.id] = _overlaid(own, said.get(own.id)) if own.id in said else own
    for row in rows:
        if row.entry and not row.error:
            described = said[row.entry.organisation.id]
            row.entry = replace(row.entry, organisation=_overlaid(held.get(described.id, described), described))


def _overlaid(below: OrganisationEntry, above: OrganisationEntry | None) -> OrganisationEntry:
    if above is None:
        return below
    return OrganisationEntry(
        id=below.id,
        name=above.name or below.name,
        description=above.description or below.description,
        website=above.website or below.website,
        email=above.email or below.email,
        phones=above.phones or below.phones,
    )
