"""What the doors store and the worker reads: old replays are parked, reports and unreadable bodies keep nobody waiting."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config.settings import Settings
from sos.alerts.models import AlertRow
from sos.bot.channels.intake import Intake
from sos.bot.conversation import Conversation
from sos.clock import ManualClock
from sos.factory import House, create_app
from sos.inbox.models import InboxRow
from sos.keys.keystore import KeysUnavailable
from sos.worker.inbox_loop import CRASHES, InboxLoop, Reading
from tests.conftest import START

SECRET = "s"


class Small:
    """A house with its door and its inbox loop, without delivery."""

    def __init__(self, folder: Path) -> None:
        environ = {"SOS_INSTANCE": str(folder), "SOS_ENV": "production", "SOS_SMS_GENERIC_SECRET": SECRET}
        self.clock = ManualClock(START)
        app = create_app(Settings.from_environ(environ), self.clock)
        self.house: House = app.extensions["sos"]
        self.house.prepare()
        self.client: FlaskClient = app.test_client()
        self._loop: InboxLoop | None = None

    @property
    def loop(self) -> InboxLoop:
        if self._loop is None:
            rooms = self.house.rooms
            intake = Intake(rooms, Conversation.load(rooms), self.house.providers)
            reading = Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park)
            self._loop = InboxLoop(database=self.house.database, keystore=self.house.keystore, wake=rooms.wake, reading=reading, holder="w")
        return self._loop

    def posts(self, body: bytes, path: str = "inbound") -> int:
        signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return self.client.post(f"/sms/generic/{path}", data=body, headers={"X-Signature": signature}).status_code

    def works(self) -> None:
        for _ in range(8):
            self.loop.run_once()
            self.clock.advance(seconds=1)

    def states(self) -> list[str]:
        with self.house.database.read() as conn:
            return list(conn.execute(select(InboxRow.state).order_by(InboxRow.seq)).scalars())

    def senders(self) -> int:
        with self.house.database.read() as conn:
            return conn.execute(select(func.count(InboxRow.sender_key.distinct()))).scalar_one()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    mask = os.umask(0o022)
    yield Small(tmp_path)
    os.umask(mask)


def message(text: str, sent_at: datetime | None, message_id: str = "1") -> bytes:
    fields = {"id": message_id, "from": "+38344000101", "to": "info", "text": text}
    return json.dumps(fields | ({"sent_at": sent_at.isoformat()} if sent_at else {})).encode()


@pytest.mark.expects_errors
@pytest.mark.parametrize(
    ("sent_at", "state"),
    [
        pytest.param(START - timedelta(days=31), "parked", id="older than a repeat is recognised: parked"),
        pytest.param(START - timedelta(days=29), "done", id="late, but a repeat would be recognised: answered"),
        pytest.param(START + timedelta(days=2), "done", id="from a gateway whose clock is ahead: answered"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), "done", id="from a gateway without a clock: answered"),
        pytest.param(None, "done", id="without a time: answered"),
    ],
)
def test_replays_older_than_the_once_only_keys_are_parked(small: Small, sent_at: datetime | None, state: str) -> None:
    assert small.posts(message("hello", sent_at)) == 200
    small.works()
    assert small.states() == [state]


@pytest.mark.expects_errors
def test_a_parked_old_sos_still_reaches_a_person(small: Small) -> None:
    small.posts(message("SOS", START - timedelta(days=60)))
    small.works()
    with small.house.database.read() as conn:
        assert conn.execute(select(AlertRow.reason)).scalars().all() == ["unreadable"]


def test_delivery_reports_and_unreadable_bodies_do_not_wait_for_each_other(small: Small) -> None:
    """One sender's rows go one after another: were they all nobody's, a thousand reports would take a thousand rounds."""
    for n in range(10):
        assert small.posts(json.dumps({"id": f"m{n}", "status": "delivered"}).encode(), "status") == 200
        assert small.posts(f"junk {n}".encode()) == 200
    assert small.senders() == 20


@pytest.mark.parametrize(
    ("send", "status"),
    [
        pytest.param(lambda small: small.client.post("/sms/generic/inbound", data=b"{}").status_code, 401, id="no signature"),
        pytest.param(
            lambda small: small.client.post("/sms/generic/inbound", data=b"{}", headers={"X-Signature": "sha256=Ã©"}).status_code,
            401,
            id="a signature outside ASCII",
        ),
        pytest.param(lambda small: small.posts(b"x" * (256 * 1024 + 1)), 413, id="over 256 KiB"),
        pytest.param(lambda small: small.posts(b"x" * (600 * 1024)), 413, id="far over 256 KiB"),
        pytest.param(lambda small: small.posts(b"x" * (256 * 1024)), 200, id="exactly 256 KiB, unreadable: kept for a person"),
        pytest.param(lambda small: small.client.head("/sms/generic/inbound").status_code, 401, id="HEAD"),
        pytest.param(lambda small: small.client.get("/sms/generic/inbound").status_code, 401, id="GET"),
        pytest.param(lambda small: small.client.options("/sms/generic/inbound").status_code, 200, id="OPTIONS"),
        pytest.param(lambda small: small.client.put("/sms/generic/inbound").status_code, 405, id="PUT"),
        pytest.param(lambda small: small.client.post("/sms/none/inbound").status_code, 404, id="a gateway that there is not"),
        pytest.param(lambda small: small.client.post("/telegram/webhook", data=b"{}").status_code, 401, id="Telegram without its secret"),
    ],
)
def test_what_the_door_answers_and_what_it_keeps(small: Small, send: object, status: int) -> None:
    assert send(small) == status
    assert len(small.states()) == (1 if status == 200 and "OPTIONS" not in os.environ["PYTEST_CURRENT_TEST"] else 0)


@pytest.mark.expects_errors
def test_without_its_keys_the_door_says_try_again(small: Small, tmp_path: Path) -> None:
    (tmp_path / "keys").rename(tmp_path / "away")
    assert small.posts(message("SOS", None)) == 503
    (tmp_path / "away").rename(tmp_path / "keys")
    assert small.posts(message("SOS", None)) == 200


@pytest.mark.expects_errors
def test_keys_that_go_away_in_the_middle_lose_nothing(small: Small, tmp_path: Path) -> None:
    small.posts(message("SOS", None))
    assert small.loop is not None
    (tmp_path / "keys").rename(tmp_path / "away")
    raised = 0
    for _ in range(16):
        try:
            small.loop.run_once()
        except KeysUnavailable:
            raised += 1
        small.clock.advance(seconds=6)
    assert raised > CRASHES
    (tmp_path / "away").rename(tmp_path / "keys")
    small.works()
    assert small.states() == ["done"]
