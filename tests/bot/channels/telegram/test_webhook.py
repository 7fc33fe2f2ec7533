"""At the door: is it Telegram's, and whose. Nothing else is looked at."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.channels.telegram.client import stop_webhook, watch_webhook
from sos.bot.channels.telegram.webhook import envelope, verify
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import LoopbackServer, Request, Response
from tests.fakes.telegram_person import Person

SECRET = "Secret_of-the-tests"


@pytest.mark.parametrize(
    ("header", "secret", "genuine"),
    [
        pytest.param(SECRET, SECRET, True, id="ours"),
        pytest.param(None, SECRET, False, id="no header"),
        pytest.param("", SECRET, False, id="an empty header"),
        pytest.param(SECRET + "x", SECRET, False, id="another word"),
        pytest.param("ћ\udc80", SECRET, False, id="outside ASCII is wrong, not an error"),
        pytest.param("", "", False, id="without a secret of ours nobody is Telegram"),
        pytest.param("x", "", False, id="nor with any word"),
    ],
)
def test_only_the_secret_opens(header: str | None, secret: str, genuine: bool) -> None:
    assert verify(header, secret) is genuine


CHAT = {"id": 7, "type": "private"}


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        pytest.param({"update_id": 1, "message": {"chat": CHAT}}, ("1", "7"), id="a message"),
        pytest.param({"update_id": 1, "edited_message": {"chat": CHAT}}, ("1", "7"), id="an edit"),
        pytest.param({"update_id": 1, "my_chat_member": {"chat": CHAT}}, ("1", "7"), id="a block"),
        pytest.param({"update_id": 1, "callback_query": {"from": {"id": 9}, "message": {"chat": CHAT}}}, ("1", "7"), id="a tap"),
        pytest.param({"update_id": 1, "callback_query": {"from": {"id": 9}}}, ("1", "9"), id="a tap on a message long gone"),
        pytest.param(
            {"update_id": 1, "message": {"chat": {"id": -100123, "type": "group"}}}, ("1", "-100123"), id="a group, dropped later"
        ),
        pytest.param({"update_id": 1, "poll": {}}, None, id="a kind we never asked for"),
        pytest.param({"update_id": "1", "message": {"chat": CHAT}}, None, id="an update id of words"),
        pytest.param({"update_id": True, "message": {"chat": CHAT}}, None, id="an update id of true"),
        pytest.param({"message": {"chat": CHAT}}, None, id="no update id"),
        pytest.param({"update_id": 1, "message": {"chat": {"id": 10**30}}}, None, id="a chat past all numbers"),
        pytest.param({"update_id": 1, "message": []}, None, id="a message of lists"),
        pytest.param([], None, id="a list"),
        pytest.param(None, None, id="null"),
    ],
)
def test_an_envelope_holds_two_ids_or_nothing(update: object, expected: tuple[str, str] | None) -> None:
    assert envelope(json.dumps(update).encode()) == expected


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000], ids=["nothing", "cut", "no letters", "nested past reason"])
def test_a_broken_body_has_no_envelope(body: bytes) -> None:
    assert envelope(body) is None


@given(st.binary(max_size=200))
def test_noise_has_no_envelope_and_no_error(body: bytes) -> None:
    assert envelope(body) is None


def test_waiting_updates_come_by_the_webhook_with_the_secret_and_are_not_dropped(api: FakeBotApi, ask) -> None:
    taken: list[Request] = []

    def take(request: Request) -> Response:
        taken.append(request)
        return Response(200 if verify(request.headers.get("x-telegram-bot-api-secret-token"), SECRET) else 401)

    her = Person(api, 44)
    her.types("before")
    with LoopbackServer(take) as door:
        assert ask(lambda bot: watch_webhook(bot, url=f"{door.root}/telegram/webhook", secret=SECRET)) is True
        her.types("after")
        her.goes_live(42.6, 21.1)
        her.moves(her.history()[-1], 42.7, 21.2)
        her.blocks()
    assert api.webhook_statuses == [200] * 5
    assert [envelope(request.body) for request in taken] == [(str(1000 + n), "44") for n in range(5)]
    assert api.webhook
    assert set(api.webhook["allowed_updates"]) == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert ask(stop_webhook) is True
    assert api.webhook is None


def test_another_bots_secret_is_refused_at_the_door(api: FakeBotApi, ask) -> None:
    with LoopbackServer(lambda r: Response(200 if verify(r.headers.get("x-telegram-bot-api-secret-token"), "ours") else 401)) as door:
        ask(lambda bot: watch_webhook(bot, url=door.root, secret="theirs"))
        Person(api, 44).types("SOS")
    assert api.webhook_statuses == [401]
