"""An act at the desk that the database takes back, because another transaction waited for it in turn, is done once more: nobody sees an error."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from sos.alerts.models import AlertRow
from sos.db.again import once_more
from sos.survivors.models import SurvivorRow
from tests.console.desk import Desk

PATIENT = text("SET LOCAL deadlock_timeout = '60s'")
"""Whoever waits so patiently is never the one of two that the database takes back."""


def test_a_claim_that_loses_a_deadlock_is_made_again(app: Flask) -> None:
    desk = Desk(app)
    database = desk.house.database
    if database.dialect != "postgresql":
        pytest.skip("SQLite has one writer: nobody waits for another")
    ana, number = desk.member("Ana"), desk.sos()
    has_alert, ended = threading.Event(), threading.Event()

    def other() -> None:
        with database.write() as unit:
            unit.conn.execute(PATIENT)
            her = unit.conn.execute(select(AlertRow.survivor_id).where(AlertRow.number == number).with_for_update()).scalar_one()
            has_alert.set()
            unit.conn.execute(text("SELECT pg_sleep(0.5)"))  # the claim has her row by now, and waits for the alert
            unit.conn.execute(select(SurvivorRow.id).where(SurvivorRow.id == her).with_for_update())
        ended.set()

    threading.Thread(target=other, daemon=True).start()
    assert has_alert.wait(20)
    assert ana.post(f"/staff/alerts/{number}/claim").status_code == 303
    assert ended.wait(20)
    assert desk.state(number) == "taken"


class Lost(Exception):
    """As the driver says it. `sqlstate`: deadlock_detected, or a statement that timed out."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__()
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("sqlstate", "times"), [("40P01", 2), ("57014", 1)], ids=["a deadlock", "anything else"])
def test_it_is_tried_twice_and_never_a_third_time_and_for_a_deadlock_only(sqlstate: str, times: int) -> None:
    tried = []

    @once_more
    def work() -> None:
        tried.append(1)
        raise OperationalError("", None, Lost(sqlstate))

    with pytest.raises(OperationalError):
        work()
    assert len(tried) == times
