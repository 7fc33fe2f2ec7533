"""The worker's polling loop: a thread that stores what the webhook would have stored, and ends when told."""

import json
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from sos.bot.channels.requests import unpack
from sos.bot.channels.telegram.polling import Pulse
from sos.bot.channels.telegram.side_loop import keep, polling_loop
from sos.survivors.address import Address, Channel
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.telegram_person import Person


class House:
    def __init__(self, *, fail: int = 0) -> None:
        self.kept: list[dict] = []
        self.pulses: list[Pulse] = []
        self._fail = fail

    def accept(self, **row: object) -> None:
        if self._fail:
            self._fail -= 1
            raise OSError
        self.kept.append(row)

    def texts(self) -> list[str]:
        return [json.loads(unpack(row["body"]).body)["message"]["text"] for row in self.kept]


Start = Callable[[House], None]


@pytest.fixture
def start(api: FakeBotApi) -> Iterator[Start]:
    stopping = threading.Event()
    threads: list[threading.Thread] = []

    def started(house: House) -> None:
        loop = polling_loop(token=api.token, api_url=api.root, accept=house.accept, pulse=house.pulses.append, long_poll=5)
        threads.append(threading.Thread(target=loop, args=(stopping,)))
        threads[-1].start()

    yield started
    stopping.set()
    for thread in threads:
        thread.join(5)
    assert not [thread for thread in threads if thread.is_alive()]


def until(holds: Callable[[], object], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return False


def test_an_update_is_stored_as_the_door_stores_it(api: FakeBotApi, start: Start) -> None:
    house = House()
    start(house)
    Person(api, 44).types("SOS")
    assert until(lambda: house.kept)
    [row] = house.kept
    assert (row["provider"], row["provider_id"], row["address"]) == ("telegram", "1000", Address(Channel.TELEGRAM, "44"))
    assert house.texts() == ["SOS"]
    assert until(lambda: not api.waiting())


def test_a_database_that_is_away_delays_and_loses_nothing(api: FakeBotApi, start: Start) -> None:
    house = House(fail=1)
    Person(api, 44).types("SOS")
    start(house)
    assert until(lambda: house.texts() == ["SOS"])
    assert house.pulses[0] is Pulse.STORE_FAILED


def test_a_webhook_set_behind_its_back_is_taken_away(api: FakeBotApi, start: Start) -> None:
    house = House()
    start(house)
    assert until(lambda: api._poller > 0)
    api.webhook = {"url": "http://127.0.0.1:9/", "secret_token": "", "allowed_updates": []}
    with api._changed:
        api._poller += 1
        api._changed.notify_all()
    assert until(lambda: api.webhook is None)
    Person(api, 44).types("SOS")
    assert until(lambda: house.texts() == ["SOS"])


def test_an_update_without_a_chat_is_kept_for_a_person() -> None:
    house = House()
    keep(b'{"update_id":7,"poll":{}}', house.accept)
    assert house.kept[0]["address"] == Address(Channel.TELEGRAM, "unreadable")
    assert len(house.kept[0]["provider_id"]) == 64
