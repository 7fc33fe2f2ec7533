"""An alert opened from a call says what the danger is, and stands in the queue by it."""

import pytest
from flask import Flask
from sqlalchemy import select

from sos.alerts.models import AlertRow
from sos.alerts.triage import CALLED_FOR
from sos.console import words
from sos.console.opening import DANGERS
from tests.console.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.mark.parametrize(
    ("chosen", "reason", "urgency"),
    [
        pytest.param("choking", "choking", "emergency", id="choking is danger to life"),
        pytest.param("violence", "violence", "urgent", id="violence without more"),
        pytest.param("", "violence", "urgent", id="nothing chosen is violence"),
        pytest.param("no_such_thing", "violence", "urgent", id="what the form does not offer is violence"),
    ],
)
def test_the_reason_of_a_call_is_the_one_that_was_chosen(desk: Desk, chosen: str, reason: str, urgency: str) -> None:
    ana = desk.member("Ana")
    assert 'name="reason"' in ana.get("/staff/people").text
    answer = ana.post("/staff/people/new", data={"source": "phone", "text": "he is outside", "danger": "1", "reason": chosen})
    assert answer.status_code == 303
    with desk.house.database.read() as conn:
        row = conn.execute(select(AlertRow.reason, AlertRow.urgency, AlertRow.source)).one()
    assert (row.reason, row.urgency, row.source) == (reason, urgency, "phone")


def test_every_danger_has_words_and_an_urgency() -> None:
    assert set(DANGERS) <= CALLED_FOR.keys()
    assert set(DANGERS) <= words.REASONS.keys()
