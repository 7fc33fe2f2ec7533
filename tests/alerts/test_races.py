"""A thousand races between taking an alert and sending its pages: no page is claimed after the taking commits, and one person has it.

On SQLite 700 races, on PostgreSQL 300: together a thousand; a few of each in the quick run.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from sos.alerts.errors import AlreadyMoved
from sos.alerts.paging.models import PageRow
from sos.alerts.states import Alert
from sos.db.database import Unit
from sos.deadlines.actions import Due, fire_due
from sos.outbox import actions as outbox
from tests.alerts.station import Station

RACES = {"sqlite": 700, "postgresql": 300}
QUICK = {"sqlite": 30, "postgresql": 15}


class Race:
    """One alert: two people who take it and two senders who claim its pages, all at once."""

    def __init__(self, station: Station, alert_id: str, members: list[str]) -> None:
        self.station, self.alert_id, self.members = station, alert_id, members
        self.committed = threading.Event()
        self.start = threading.Barrier(3)
        self.claimed_after: list[str] = []
        self.takers: list[str] = []

    def take(self) -> None:
        self.start.wait()
        for member in self.members:
            try:
                self.station.act("take", self.alert_id, member)
                self.takers.append(member)
                self.committed.set()
            except AlreadyMoved:
                pass

    def send(self, holder: str) -> None:
        self.start.wait()
        for _ in range(2):
            begins_after = self.committed.is_set()  # read before the claim begins: what it finds then was claimed after the commit
            with self.station.database.write() as unit:
                claimed = outbox.claim(unit, holder=holder, limit=1, channels=["sms", "telegram"])
            if begins_after:
                self.claimed_after += [leased.id for leased in claimed]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_page_is_claimed_after_the_taking_commits_in_a_thousand_races(station: Station) -> None:
    run(station, RACES[station.database.dialect])


def test_no_page_is_claimed_after_the_taking_commits(station: Station) -> None:
    run(station, QUICK[station.database.dialect])


def run(station: Station, races: int) -> None:
    members = [station.member(alias, on_duty=True, ways=("sms", "telegram")) for alias in ("Ana", "Bora")]
    left = 0
    with ThreadPoolExecutor(3) as pool:
        for n in range(races):
            raised = station.sos(f"+3834400{n:04d}")
            race = Race(station, raised.id, members)
            runs = [pool.submit(race.take), pool.submit(race.send, "w1"), pool.submit(race.send, "w2")]
            for run in runs:
                run.result()
            assert race.claimed_after == []
            assert len(race.takers) == 1
            with station.database.write() as unit:
                assert outbox.claim(unit, holder="w3", limit=10, channels=["sms", "telegram"]) == [], "nothing waits any more"
                mine = unit.conn.execute(select(PageRow.outbox_id).where(PageRow.alert_id == raised.id, PageRow.outbox_id.is_not(None)))
                left += len(mine.scalars().all())
            assert station.state(raised.id) is Alert.TAKEN
    assert left == races * 4, "each race was about four pages"


def test_taking_never_waits_for_a_worker_that_is_firing_a_deadline_of_the_same_alert(station: Station) -> None:
    """The worker holds the deadline and wants the alert, who takes holds the alert and cancels the deadline: neither may wait for both."""
    if station.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time: nobody holds anything beside another")
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    station.clock.advance(seconds=80)
    firing, taken = threading.Event(), threading.Event()

    def slowly(unit: Unit, due: Due) -> None:
        firing.set()
        assert taken.wait(20), "whoever takes waits for us"
        station.alerts.handlers()[due.kind](unit, due)

    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(fire_due, station.database, {"alert.level": slowly})
        assert firing.wait(20)
        station.act("take", raised.id, ana)
        taken.set()
        assert worker.result() == 1
    assert station.state(raised.id) is Alert.TAKEN
    assert station.entries(raised.id, "level.") == ["level.0"], "the worker looked again"
