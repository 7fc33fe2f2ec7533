"""Note test calls to public numbers and say who really answers at night. Calls nobody, changes no number, holds no name of who answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, insert, select

from sos.audit.actions import Audit
from sos.db.base import table_of
from sos.db.database import Unit
from sos.db.types import new_id
from sos.directory.jurisdictions import Jurisdictions, Number
from sos.directory.test_calls.models import TestCallRow

GOOD_FOR: Final = timedelta(days=30)
KEPT: Final = timedelta(days=730)
_NIGHT: Final = (22, 6)
_LONGEST_WAIT: Final = 7200
_CALLS = table_of(TestCallRow)


class Heard(StrEnum):
    """Who answered."""

    PERSON = "person"
    PASSED_ON = "passed_on"  #: a person, after being passed on
    MACHINE = "machine"
    NO_ANSWER = "no_answer"
    DEAD = "dead"  #: the number does not exist or is another's


ANSWERED: Final = frozenset({Heard.PERSON, Heard.PASSED_ON})


class WrongCall(Exception):
    """The number is not in the jurisdictions' files, or the time or the waiting cannot be right."""


@dataclass(frozen=True, slots=True)
class TestCall:
    """One call. `waited_seconds`: until somebody or something answered."""

    __test__ = False

    country: str
    slug: str
    number: str
    called_at: datetime
    at_night: bool
    result: Heard
    waited_seconds: int
    languages: tuple[str, ...]
    called_by: str


@dataclass(frozen=True, slots=True)
class NightLine:
    """One number of the night list. `last_night`: the newest call at night; `last`: the newest at any time."""

    number: Number
    last: TestCall | None
    last_night: TestCall | None
    due: bool  #: nobody has tried it at night within 30 days

    @property
    def answers_at_night(self) -> bool | None:
        """None: nobody knows."""
        return None if self.last_night is None else self.last_night.result in ANSWERED


def note(
    unit: Unit,
    audit: Audit,
    jurisdictions: Jurisdictions,
    *,
    country: str,
    slug: str,
    result: Heard,
    waited_seconds: int,
    languages: Iterable[str],
    by: str,
    called_at: datetime | None = None,
) -> None:
    """Note a call, made now or within the last week. Raises WrongCall."""
    number, at = _number(jurisdictions, country, slug), called_at or unit.now
    if number is None or not unit.now - timedelta(days=7) <= at <= unit.now or not 0 <= waited_seconds <= _LONGEST_WAIT:
        raise WrongCall
    row = new_id()
    values = {
        "id": row,
        "country": country,
        "slug": slug,
        "number": number.number,
        "called_at": at,
        "at_night": is_night(at, jurisdictions.zone(country)),
        "result": result.value,
        "waited_seconds": waited_seconds,
        "languages": " ".join(sorted(set(languages)))[:40],
        "called_by": by,
    }
    unit.conn.execute(insert(_CALLS).values(values))
    audit.record(unit, "test_call.noted", subject=row, actor=by)


def night_list(conn: Connection, jurisdictions: Jurisdictions, now: datetime) -> list[NightLine]:
    """Every number of the files with its newest calls, those that are due first within a country. Calls to an older number do not count."""
    made = [_call(row) for row in conn.execute(select(_CALLS).order_by(_CALLS.c.called_at.desc(), _CALLS.c.id)).all()]
    lines = [
        _line(
            number, [call for call in made if (call.country, call.slug, call.number) == (number.country, number.slug, number.number)], now
        )
        for found in jurisdictions.by_country.values()
        for number in found.numbers
    ]
    return sorted(lines, key=lambda line: (line.number.country != "XK", line.number.country, not line.due))


def due(conn: Connection, jurisdictions: Jurisdictions, now: datetime) -> int:
    """How many numbers nobody has tried at night within 30 days: the reminder."""
    return sum(line.due for line in night_list(conn, jurisdictions, now))


def is_night(at: datetime, zone: ZoneInfo) -> bool:
    """Between 22 and 6 by the wall clock of the jurisdiction."""
    begins, ends = _NIGHT
    hour = at.astimezone(zone).hour
    return hour >= begins or hour < ends


def forget_old(unit: Unit) -> int:
    """Drop what is older than two years."""
    return unit.conn.execute(delete(_CALLS).where(_CALLS.c.called_at < unit.now - KEPT)).rowcount


def _line(number: Number, calls: Sequence[TestCall], now: datetime) -> NightLine:
    at_night = next((call for call in calls if call.at_night), None)
    return NightLine(number, calls[0] if calls else None, at_night, at_night is None or at_night.called_at <= now - GOOD_FOR)


def _number(jurisdictions: Jurisdictions, country: str, slug: str) -> Number | None:
    found = jurisdictions.by_country.get(country)
    return next((number for number in found.numbers if number.slug == slug), None) if found else None


def _call(row: Row[Any]) -> TestCall:
    return TestCall(
        country=row.country,
        slug=row.slug,
        number=row.number,
        called_at=row.called_at,
        at_night=row.at_night,
        result=Heard(row.result),
        waited_seconds=row.waited_seconds,
        languages=tuple(row.languages.split()),
        called_by=row.called_by,
    )
