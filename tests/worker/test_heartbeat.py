"""Every gateway is heard within 15 minutes, over real HTTP: who lives, who is dead in every way a gateway can be dead, what it warns of."""

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from sos.bot.channels.loopback import Loopback
from sos.bot.channels.sending import TelegramAccess
from sos.bot.channels.sms import registry
from sos.bot.channels.vitals import Gateways
from sos.clock import ManualClock
from sos.db.database import Database
from sos.deadlines import heartbeats
from sos.keys.keystore import Keystore
from sos.watch.chain import Chain, state_of_chain
from sos.worker import heartbeat
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import Fault, LoopbackServer, Request, Response
from tests.fakes.sms_gateway import FakeGateway

OURS = "+38344000199"
KANNEL = b"<gateway><version>1.4</version><status>running, uptime 0d</status><smscs><count>1</count><smsc><name>AT</name><id>fake</id>"
BASIC = "Basic " + base64.b64encode(b"user:pw").decode()


class Telephone:
    """Answers one status page; `answer` may be changed."""

    def __init__(self) -> None:
        self.answer: Response | None = None
        self.asked: list[Request] = []
        self.server = LoopbackServer(self.handle)

    def handle(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answer or Response(404)

    def says(self, body: object, status: int = 200) -> None:
        self.answer = Response(status, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.fixture
def phone() -> Iterator[Telephone]:
    made = Telephone()
    with made.server:
        yield made


def settings(name: str, root: str) -> dict[str, dict[str, str]]:
    login = {"username": "user", "password": "pw"}
    return {
        "kannel": {"kannel": {"key": "k", "url": f"{root}/s", **login, "admin_url": f"{root}/status.xml?password=p"}},
        "smsgate": {"smsgate": {"signing_key": "k", "url": f"{root}/messages", **login}},
        "smsgate cloud": {"smsgate": {"signing_key": "k", "url": f"{root}/3rdparty/v1/messages", **login, "device_id": "d1"}},
        "twilio": {"twilio": {"account_sid": "AC1", "auth_token": "t", "sender": "x", "api_url": root}},
        "generic": {"generic": {"url": f"{root}/send", "secret": "s"}},
    }[name]


class Ear:
    def __init__(self, database: Database, keystore: Keystore, clock: ManualClock) -> None:
        self.database, self.keystore, self.clock = database, keystore, clock

    def listens(
        self, of: Mapping[str, Mapping[str, str]], *, numbers: Mapping[str, str] | None = None, telegram: TelegramAccess | None = None
    ) -> Chain:
        gateways = Gateways(registry.providers(of), Loopback(self.keystore, numbers or {}), telegram)
        heartbeat.listen(self.database, gateways)
        return self.chain()

    def chain(self) -> Chain:
        with self.database.read() as conn:
            return state_of_chain(conn, self.clock.now())

    def silent(self) -> list[str]:
        return [link.name for link in self.chain().late if link.name]


@pytest.fixture
def ear(database: Database, keystore: Keystore, clock: ManualClock) -> Ear:
    return Ear(database, keystore, clock)


def devices(clock: ManualClock, minutes: int, device: str = "d1") -> object:
    return [{"id": device, "lastSeen": (clock.now() - timedelta(minutes=minutes)).isoformat()}]


def health(**checks: str) -> object:
    return {"status": "pass", "checks": {name.replace("_", ":"): {"observedValue": 1, "status": status} for name, status in checks.items()}}


def kannel(status: str = "online 12s", queued: int = 0) -> bytes:
    return KANNEL + f"<status>{status}</status><failed>0</failed><queued>{queued}</queued></smsc></smscs></gateway>".encode()


LIVING: list = [
    ("kannel", lambda _: kannel(), ()),
    ("kannel", lambda _: kannel(queued=101), ("kannel:sending_fails",)),
    ("smsgate", lambda _: health(battery_level="pass"), ()),
    ("smsgate", lambda _: health(battery_level="warn"), ("smsgate:battery_low",)),
    ("smsgate", lambda _: health(battery_level="fail", messages_failed="warn"), ("smsgate:battery_low", "smsgate:sending_fails")),
    ("smsgate", lambda _: {}, ()),
    ("smsgate cloud", lambda clock: devices(clock, 14), ()),
    ("twilio", lambda _: {"balance": "15.20", "currency": "USD"}, ()),
    ("twilio", lambda _: {"balance": "3.10", "currency": "USD"}, ("twilio:credit_low",)),
]


@pytest.mark.parametrize(("name", "body", "warnings"), LIVING, ids=[f"{row[0]} {n}" for n, row in enumerate(LIVING)])
def test_a_gateway_that_answers_lives_and_its_warnings_are_kept(
    ear: Ear, phone: Telephone, name: str, body: Callable[[ManualClock], object], warnings: tuple[str, ...]
) -> None:
    phone.says(body(ear.clock))
    assert ear.listens(settings(name, phone.server.root)).warnings == warnings
    assert ear.silent() == []
    assert phone.asked, "nobody was asked"


DEAD: list = [
    ("kannel", lambda _: KANNEL.replace(b"running", b"shutdown")),
    ("kannel", lambda _: kannel("re-connecting")),
    ("kannel", lambda _: b"Denied"),
    ("smsgate cloud", lambda clock: devices(clock, 16)),
    ("smsgate cloud", lambda clock: devices(clock, 1, "another")),
    ("smsgate cloud", lambda _: b"{not json"),
    ("smsgate", lambda _: b"<html>"),
]


@pytest.mark.parametrize(("name", "body"), DEAD, ids=[f"{row[0]} {n}" for n, row in enumerate(DEAD)])
def test_a_gateway_that_says_it_is_dead_is_silent(ear: Ear, phone: Telephone, name: str, body: Callable[[ManualClock], object]) -> None:
    phone.says(body(ear.clock))
    ear.listens(settings(name, phone.server.root))
    assert ear.silent() == [name.split(maxsplit=1)[0]]


@pytest.mark.parametrize("name", ["kannel", "smsgate", "smsgate cloud", "twilio"])
@pytest.mark.parametrize("fault", [Fault.answer(401), Fault.answer(503), Fault.drop()], ids=["refused", "down", "hangs up"])
def test_a_gateway_that_does_not_answer_well_is_silent_after_fifteen_minutes(ear: Ear, phone: Telephone, name: str, fault: Fault) -> None:
    good = {"kannel": kannel(), "smsgate": health(), "smsgate cloud": devices(ear.clock, 0), "twilio": {"balance": "15"}}
    phone.says(good[name])
    ear.listens(settings(name, phone.server.root))
    for _ in range(4):
        ear.clock.advance(minutes=4)
        phone.server.plan(fault)
        ear.listens(settings(name, phone.server.root))
    assert ear.silent() == [name.split(maxsplit=1)[0]]


def test_the_telephone_is_asked_with_its_login(ear: Ear, phone: Telephone) -> None:
    phone.says(health())
    ear.listens(settings("smsgate", phone.server.root))
    assert (phone.asked[0].path, phone.asked[0].headers["authorization"]) == ("/health", BASIC)


def test_a_warning_that_holds_no_longer_goes(ear: Ear, phone: Telephone) -> None:
    phone.says(health(battery_level="warn"))
    ear.listens(settings("smsgate", phone.server.root))
    phone.says(health(battery_level="pass"))
    assert ear.listens(settings("smsgate", phone.server.root)).warnings == ()


def test_a_gateway_that_is_not_set_up_any_more_is_missed_by_nobody(ear: Ear, phone: Telephone) -> None:
    phone.says(health())
    ear.listens(settings("smsgate", phone.server.root))
    ear.listens({})
    ear.clock.advance(minutes=30)
    assert ear.silent() == []


def test_one_gateway_that_hangs_hides_no_other(ear: Ear, phone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sos.bot.channels.vitals.SECONDS", -1.5)
    phone.says(kannel())
    phone.server.plan(Fault.hang(3, only="Balance"))
    both = {**settings("kannel", phone.server.root), **settings("twilio", phone.server.root)}
    ear.listens(both)
    assert ear.silent() == ["twilio"]


def test_where_a_gateway_writes_to_itself_an_answer_alone_is_no_proof(ear: Ear, phone: Telephone) -> None:
    phone.says(health(battery_level="warn"))
    found = ear.listens(settings("smsgate", phone.server.root), numbers={"smsgate": OURS})
    assert ear.silent() == ["smsgate"]
    assert found.warnings == ("smsgate:battery_low",)


def test_a_gateway_that_never_ends_its_answer_hides_no_other(ear: Ear, phone: Telephone, monkeypatch: pytest.MonkeyPatch) -> None:
    async def forever(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("sos.bot.channels.vitals.SECONDS", -1.5)
    monkeypatch.setattr("sos.bot.channels.sms.providers.twilio.Twilio.pulse", forever)
    phone.says(kannel())
    ear.listens({**settings("kannel", phone.server.root), **settings("twilio", phone.server.root)})
    assert ear.silent() == ["twilio"]


def test_a_gateway_that_cannot_be_asked_writes_to_itself(ear: Ear) -> None:
    with FakeGateway("s") as gateway:
        of = {"generic": {"url": gateway.url, "secret": "s"}}
        ear.listens(of, numbers={"generic": OURS})
        assert gateway.wait_until(lambda received: len(received) == 1)
        loopback = Loopback(ear.keystore, {"generic": OURS})
        assert ear.silent() == ["generic"], "an accepted message proves nothing yet"
        with ear.database.write() as unit:
            loopback.read("generic", OURS, gateway.received[0].text, now=unit.now).take(unit)
        assert ear.silent() == []
        ear.listens(of, numbers={"generic": OURS})
        assert len(gateway.received) == 1, "a message costs money: not before it is needed"
        for _ in range(4):
            ear.clock.advance(minutes=4)
            ear.listens(of, numbers={"generic": OURS})
        assert ear.silent() == ["generic"]
        assert len(gateway.received) >= 3, "what is lost is sent again within the fifteen minutes"


def test_a_gateway_nobody_can_ask_and_that_has_no_number_of_its_own_is_left_out(ear: Ear) -> None:
    assert ear.listens(settings("generic", "http://127.0.0.1:9")).links[-1].name == ""


@pytest.fixture
def api() -> Iterator[FakeBotApi]:
    with FakeBotApi() as made:
        yield made


def test_telegram_lives_while_updates_come_to_us(ear: Ear, api: FakeBotApi) -> None:
    api.now = lambda: ear.clock.now().timestamp()
    hook = "https://sos.example/telegram/webhook"
    access = TelegramAccess(api.token, api.root, hook, "secret")
    api.webhook = {"url": hook, "secret_token": "secret", "allowed_updates": []}
    ear.listens({}, telegram=access)
    assert ear.silent() == []
    api.piled_up = 51
    assert ear.listens({}, telegram=access).warnings == ("telegram:updates_pile_up",)
    for change in ({"webhook_failing": True}, {"webhook": {"url": "https://elsewhere.example", "secret_token": "", "allowed_updates": []}}):
        api.webhook_failing, api.webhook = False, {"url": hook, "secret_token": "secret", "allowed_updates": []}
        ear.listens({}, telegram=access)
        assert ear.silent() == []
        for name, value in change.items():
            setattr(api, name, value)
        for _ in range(4):
            ear.clock.advance(minutes=4)
            ear.listens({}, telegram=access)
        assert ear.silent() == ["telegram"]


def test_telegram_that_is_polled_lives_by_its_polling(ear: Ear, api: FakeBotApi) -> None:
    access = TelegramAccess(api.token, api.root)
    ear.listens({}, telegram=access)
    assert ear.silent() == ["telegram"]
    with ear.database.write() as unit:
        heartbeats.beat(unit, "gateway:telegram")
    ear.listens({}, telegram=access)
    assert ear.silent() == []
    assert api.calls == []
