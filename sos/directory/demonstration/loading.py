"""Fill an empty directory with invented services. Refused in production; touches nothing where anything is already there."""

from collections.abc import Callable
from importlib.resources import as_file, files

from sqlalchemy import Connection, select

from sos.db.database import Unit
from sos.directory.actions import HIDDEN, PUBLIC
from sos.directory.categories import Categories
from sos.directory.errors import NotHere
from sos.directory.exchange.csv_in import CsvReader
from sos.directory.exchange.importing import csv_entries, run
from sos.directory.exchange.locating import Locator, PlaceBook
from sos.directory.exchange.rows import HiddenStore
from sos.directory.models import Service
from sos.directory.queries import version

SOURCE = "demonstration"
FILES = ("services.csv", "confidential.csv")


def is_empty(conn: Connection) -> bool:
    """Whether nobody has put anything into the directory yet."""
    touched = version(conn, PUBLIC) or version(conn, HIDDEN)
    return not touched and conn.execute(select(Service.id).limit(1)).scalar() is None


def load_demonstration(unit: Unit, hidden: HiddenStore, *, categories: Categories, book: Callable[[], PlaceBook], production: bool) -> bool:
    """Load it once, in this transaction; True when it was loaded now. `book` is opened only then. Raises NotHere in production."""
    if production:
        raise NotHere("the demonstration directory is refused in production")
    if not is_empty(unit.conn):
        return False
    reader = CsvReader(categories, Locator(book()), undated=unit.now)
    for name in FILES:
        with as_file(files(__package__) / name) as path:
            report = run(unit, csv_entries(path, reader), hidden=hidden, source=SOURCE)
        if report.bad:
            raise NotHere(f"{name}: {next(row.error for row in report.rows if row.error)}")
    return True
