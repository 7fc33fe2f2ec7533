"""kill -9 of web and worker at random while messages come in: nothing acknowledged is lost, nothing raises two alerts, repeats are marked."""

import os
import random
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sos.alerts.models import AlertRow
from sos.clock import SystemClock
from sos.db.database import Database
from tests.fakes.sms_gateway import FakeGateway
from tests.installation import SECRET, Installation

MESSAGES = 1000
SENDERS = 250
KILLS = 12
SECONDS = 22.0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    return request.getfixturevalue("fresh_postgres")


@pytest.mark.slow
@pytest.mark.timeout(170)
def test_twelve_kills_during_a_thousand_messages_lose_nothing(url: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("SOS_TEST_SEED", random.randrange(10**6)))
    chance = random.Random(seed)
    with FakeGateway(SECRET) as gateway, Installation(tmp_path / "i", gateway_url=gateway.url, database_url=url) as installation:
        gateway.inbound_url = f"{installation.url}/sms/generic/inbound"
        posted = Posted(gateway, chance)
        killer = threading.Thread(target=kill_at_random, args=(installation, chance, SECONDS))
        killer.start()
        posted.all(SECONDS)
        killer.join()
        installation.wait_until_ready()
        answered = gateway.wait_until(lambda _: not posted.unanswered(), 40)
        missing = posted.unanswered()
        assert answered, f"seed {seed}: {len(missing)} of {MESSAGES} acknowledged messages have no reply"
        assert gateway.refused_signatures == 0
    assert not unmarked_repeats(gateway), f"seed {seed}"
    database = Database(installation.environ.get("SOS_DATABASE_URL") or f"sqlite:///{tmp_path}/i/instance/sos.db", SystemClock())
    with database.read() as conn:
        alerts = conn.execute(select(func.count(), func.count(AlertRow.fold_index.distinct())).select_from(AlertRow)).one()
    database.dispose()
    assert alerts[0] == alerts[1] == len(posted.in_danger), f"seed {seed}: alerts {alerts}, senders of an SOS {len(posted.in_danger)}"


class Posted:
    """A thousand messages of 250 people, every tenth an SOS, one in twenty delivered twice; each is posted until it is acknowledged."""

    def __init__(self, gateway: FakeGateway, chance: random.Random) -> None:
        self.gateway = gateway
        self.texts = [
            (
                f"m{n}",
                f"+3834400{chance.randrange(SENDERS):04}",
                "SOS" if n % 10 == 0 else chance.choice(["hello", "1", "Peja", "shelter", "2"]),
            )
            for n in range(MESSAGES)
        ]
        self.again = {f"m{n}" for n in chance.sample(range(MESSAGES), MESSAGES // 20)}
        self.in_danger = {sender for _, sender, text in self.texts if text == "SOS"}
        self.acknowledged: dict[str, tuple[str, float]] = {}

    def all(self, seconds: float) -> None:
        start = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            for n, message in enumerate(self.texts):
                wait = start + seconds * n / MESSAGES - time.monotonic()
                if wait > 0:
                    time.sleep(wait)
                pool.submit(self.one, *message)

    def one(self, message_id: str, sender: str, text: str) -> None:
        before = time.monotonic()
        for _ in range(2 if message_id in self.again else 1):
            while True:
                try:
                    if self.gateway.post_inbound(sender, text, message_id=message_id) == 200:
                        break
                except OSError:
                    pass
                time.sleep(0.05)
            self.acknowledged.setdefault(message_id, (sender, before))

    def unanswered(self) -> list[str]:
        """Acknowledged messages without a reply that left after they were first posted."""
        newest: dict[str, float] = defaultdict(float)
        for received in self.gateway.received:
            newest[received.to] = max(newest[received.to], received.at)
        return [message for message, (sender, at) in self.acknowledged.items() if newest[sender] < at]


def kill_at_random(installation: Installation, chance: random.Random, seconds: float) -> None:
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.6, 1.4) * seconds / (KILLS + 1))
        name = chance.choice(["web", "worker"])
        pids = installation.pids(name)
        installation.kill(name, chance.choice(pids) if pids else None)


def unmarked_repeats(gateway: FakeGateway) -> list[str]:
    """Ids that came twice although the later one does not say that it is a repeat."""
    seen: set[str] = set()
    wrong = []
    for received in gateway.received:
        if received.id in seen and not received.repeat:
            wrong.append(received.id)
        seen.add(received.id)
    return wrong
