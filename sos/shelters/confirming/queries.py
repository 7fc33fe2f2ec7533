"""Reads a shelter's settings and how fresh its last word is. Opens with the place key it is given; keeps nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from sos.db.base import table_of
from sos.directory.matching.freshness import Freshness, freshness
from sos.shelters.confirming.models import QuestionRow, SettingsRow
from sos.shelters.confirming.settings import ShelterSettings, opened
from sos.shelters.confirming.states import Question
from sos.shelters.units.card import shelter_index
from sos.shelters.units.queries import confirmed_at

_SETTINGS, _QUESTIONS = table_of(SettingsRow), table_of(QuestionRow)


@dataclass(frozen=True, slots=True)
class Fresh:
    """One shelter's last word. `asked_at`: since when its staff have an unanswered question."""

    service_id: str
    confirmed_at: datetime | None
    settings: ShelterSettings
    state: Freshness
    asked_at: datetime | None


def settings_of(conn: Connection, key: bytes, service_id: str) -> ShelterSettings:
    """What this shelter chose, or what holds where it chose nothing."""
    row = conn.execute(select(_SETTINGS).where(_SETTINGS.c.shelter == shelter_index(key, service_id))).one_or_none()
    return opened(key, row.id, row.body)[1] if row else ShelterSettings()


def own_fresh_hours(conn: Connection, key: bytes, service_id: str) -> float | None:
    """Its own half-life; None where nothing was ever chosen or confirmed."""
    row = conn.execute(select(_SETTINGS).where(_SETTINGS.c.shelter == shelter_index(key, service_id))).one_or_none()
    return opened(key, row.id, row.body)[1].fresh_hours if row else None


def everywhere(conn: Connection, key: bytes, now: datetime) -> list[Fresh]:
    """Every shelter that keeps units, the oldest word first: for operators and supervisors."""
    found = [_fresh(conn, key, *opened(key, row.id, row.body), now) for row in conn.execute(select(_SETTINGS))]
    return sorted(found, key=lambda one: (one.confirmed_at is not None, one.confirmed_at, one.service_id))


def _fresh(conn: Connection, key: bytes, service_id: str, settings: ShelterSettings, now: datetime) -> Fresh:
    at = confirmed_at(conn, key, service_id)
    age = (now - at).total_seconds() / 3600 if at else float("inf")
    asked = select(_QUESTIONS.c.asked_at).where(
        _QUESTIONS.c.shelter == shelter_index(key, service_id), _QUESTIONS.c.state == Question.OPEN.value
    )
    return Fresh(service_id, at, settings, freshness(age, settings.fresh_hours), conn.execute(asked.limit(1)).scalar())
