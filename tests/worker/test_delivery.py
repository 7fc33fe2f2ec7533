"""Delivery under bad conditions: a damaged row, a keystore that cannot be written, a loop that fails and begins anew."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from sos.audit.actions import Audit
from sos.clock import SystemClock
from sos.db.database import Database
from sos.db.wake import Wake
from sos.keys.keystore import Keystore, KeysUnavailable
from sos.outbox import actions as outbox
from sos.outbox.models import OutboxRow
from sos.outbox.parcels import Outcome, Parcel, Send
from sos.outbox.states import KeyKind, Lane, Outbox
from sos.staff.actions import Tasks
from sos.staff.models import TaskRow
from sos.survivors.actions import Survivors
from sos.survivors.address import Address, Channel
from sos.worker.delivery import Delivery


class Post:
    """A delivery whose gateway is a list."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database = Database(url, SystemClock())
        self.keystore = Keystore.create(folder / "keys", now=self.database.clock.now())
        audit = Audit(self.keystore.audit_key)
        self.survivors, self.sent, self.failures = Survivors(self.keystore, audit), [], 0
        self.delivery = Delivery(
            database=self.database,
            keystore=self.keystore,
            survivors=self.survivors,
            tasks=Tasks(audit),
            wake=Wake(self.database),
            holder="w1",
            open_senders=self.senders,
        )

    @contextlib.asynccontextmanager
    async def senders(self) -> AsyncIterator[Mapping[str, Mapping[str, Send]]]:
        if self.failures:
            self.failures -= 1
            raise OSError("no socket")
        yield {"sms": {"generic": self.send}}

    async def send(self, parcel: Parcel) -> Outcome:
        self.sent.append(parcel.body["text"])
        return Outcome(sent=True)

    def queue(self, number: str, body: bytes, *, transit: bool = False) -> str:
        with self.database.write() as unit:
            known = self.survivors.meet(unit, Address(Channel.SMS, number), "generic")
            row = f"{len(self.sent)}{number[-3:]}".ljust(32, "0")
            key = self.keystore.new_transit_key(row, until=unit.now + timedelta(hours=1)) if transit else known.key.raw
            return outbox.queue(
                unit,
                key=key,
                key_kind=KeyKind.TRANSIT if transit else KeyKind.PERSON,
                survivor_id=None if transit else known.id,
                contact_id=known.contact_id,
                channel="sms",
                provider="generic",
                address=number,
                body=body,
                lane=Lane.REPLY,
                expires_at=unit.now + timedelta(minutes=15),
                outbox_id=row,
            )

    def states(self) -> list[str]:
        with self.database.read() as conn:
            return list(conn.execute(select(OutboxRow.state).order_by(OutboxRow.seq)).scalars())

    def runs_until(self, states: list[str]) -> None:
        thread = threading.Thread(target=lambda: asyncio.run(self.delivery.run()))
        thread.start()
        until = time.monotonic() + 8
        while self.states() != states and time.monotonic() < until:
            time.sleep(0.03)
        self.delivery.stop()
        thread.join(10)
        assert self.states() == states


@pytest.fixture
def post(database_url: str, tmp_path: Path) -> Iterator[Post]:
    made = Post(database_url, tmp_path)
    yield made
    made.database.dispose()


@pytest.mark.expects_errors
@pytest.mark.parametrize("body", [b"not json", b"\xff\xfe"], ids=["damaged", "not even text"])
def test_a_message_that_cannot_be_opened_keeps_no_other_from_leaving(post: Post, body: bytes) -> None:
    post.queue("+38344000101", body)
    post.queue("+38344000102", b'{"text": "hello"}')
    post.runs_until([Outbox.FAILED.value, Outbox.SENT.value])
    with post.database.read() as conn:
        assert conn.execute(select(TaskRow.kind)).scalars().all() == ["stale_reply"], "a person is told"


@pytest.mark.expects_errors
def test_a_row_whose_bytes_were_changed_is_given_up_alone(post: Post) -> None:
    row = post.queue("+38344000101", b'{"text": "changed"}')
    post.queue("+38344000102", b'{"text": "hello"}')
    with post.database.write() as unit:
        unit.conn.execute(update(OutboxRow).where(OutboxRow.id == row).values(address=b"\x01" + bytes(80)))
    post.runs_until([Outbox.FAILED.value, Outbox.SENT.value])


@pytest.mark.parametrize("error", [KeysUnavailable("away"), OSError(28, "no space left")])
def test_a_keystore_that_cannot_be_written_holds_up_no_sending(post: Post, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    post.queue("+38344000101", b'{"text": "forgotten"}', transit=True)
    post.queue("+38344000102", b'{"text": "hello"}')

    def away(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(post.keystore, "shred_transit", away)
    post.runs_until([Outbox.SENT.value] * 2)
    assert sorted(post.sent) == ["forgotten", "hello"], "each once"


def test_it_can_begin_anew_after_a_failure(post: Post) -> None:
    post.failures = 1
    with pytest.raises(OSError, match="no socket"):
        asyncio.run(post.delivery.run())
    post.queue("+38344000102", b'{"text": "hello"}')
    post.runs_until([Outbox.SENT.value])
