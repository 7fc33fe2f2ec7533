"""Sending, editing and deleting over real HTTP: silent, neutral, whole; every refusal is a result."""

import asyncio
import json
import logging
import traceback

import pytest
from telegram.error import TelegramError

from sos.bot.channels.sms.provider import SendResult
from sos.bot.channels.telegram.client import connected, show_neutral
from sos.bot.channels.telegram.sender import Button, Deletion, OutboundTelegram, Sender
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import Fault
from tests.fakes.telegram_person import Person

ROWS = ((Button("1", "Yes"), Button("2", "No")), (Button("0", "End"),))


def too_many(seconds: float) -> Fault:
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}
    return Fault.answer(429, body=json.dumps(body).encode(), only="send")


def refusal(code: int, description: str, **parameters: int) -> Fault:
    body = {"ok": False, "error_code": code, "description": description, **({"parameters": parameters} if parameters else {})}
    return Fault.answer(code, body=json.dumps(body).encode())


def test_a_message_comes_without_a_sound_and_may_be_photographed(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    result = ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Ћао, të dëgjoj 😀")))
    [seen] = her.reads()
    assert result == SendResult(sent=True, provider_ref=str(seen.message_id), detail="sent")
    assert (seen.text, seen.silent, seen.protected, seen.buttons, seen.asks_location) == ("Ћао, të dëgjoj 😀", True, False, {}, "")
    assert "protect_content" not in api.called("sendMessage")[0]
    assert api.called("sendMessage")[0]["link_preview_options"] == {"is_disabled": True}


def test_a_neutral_first_line_stands_alone_in_the_notification(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    ask(
        lambda bot: Sender(bot).send(OutboundTelegram("44", "  Помоћ 😀 192\nline two ", rows=ROWS, neutral_line="Your order 😀 is noted."))
    )
    [seen] = her.reads()
    assert seen.text == "Your order 😀 is noted.\nПомоћ 😀 192\nline two"
    assert seen.preview == "Your order 😀 is noted.\n"
    assert seen.buttons == {"Yes": "1", "No": "2", "End": "0"}


def test_buttons_come_back_as_their_values_and_stop_turning(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Which?", rows=ROWS)))
    tap = her.taps("No")
    assert ask(lambda bot: Sender(bot).answer(tap)) is True
    assert ask(lambda bot: Sender(bot).answer("long-gone")) is False
    assert api.taps_answered == [tap]


def test_a_button_that_telegram_would_refuse_is_left_out_and_its_text_still_goes(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    rows = ((Button("ћ" * 33, "Too long"), Button("x" * 64, "Just so")), (Button("", "Nothing"),))
    assert ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Which?", rows=rows))).sent is True
    assert her.reads()[0].buttons == {"Just so": "x" * 64}


def test_a_place_is_offered_by_a_button_of_its_own(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Where?", location_button="Send place")))
    assert [(seen.text, seen.asks_location) for seen in her.reads()] == [("Where?", "Send place")]


def test_a_place_and_answers_together_are_two_messages_and_both_can_be_deleted(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    result = ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Where?", rows=ROWS, location_button="Send place")))
    assert [(seen.text, bool(seen.buttons), seen.asks_location) for seen in her.reads()] == [
        ("Where?", True, ""),
        ("Send place", False, "Send place"),
    ]
    assert result.provider_ref == ",".join(str(seen.message_id) for seen in her.reads())
    assert all(seen.silent for seen in her.reads())


def test_the_offer_of_a_place_may_fail_without_costing_the_message(api: FakeBotApi, ask) -> None:
    Person(api, 44)

    original = api._do_sendmessage

    def once(arguments):
        if arguments["text"] == "Send place":
            api.chat(44).blocked = True
        return original(arguments)

    api._do_sendmessage = once  # type: ignore[method-assign]
    result = ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Where?", rows=ROWS, location_button="Send place")))
    assert (result.sent, result.provider_ref) == (True, "1")


def test_a_location_button_can_be_taken_away(api: FakeBotApi, ask) -> None:
    Person(api, 44)
    ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Noted.", remove_keyboard=True)))
    assert api.called("sendMessage")[0]["reply_markup"]["remove_keyboard"] is True


def test_a_text_past_telegrams_limit_is_cut_not_lost(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    assert ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "😀" * 3000, neutral_line="Noted."))).sent is True
    assert her.reads()[0].text.endswith("😀…")


def test_editing_puts_new_words_in_place_and_the_same_words_are_no_failure(api: FakeBotApi, ask) -> None:
    her = Person(api, 44)
    ask(lambda bot: Sender(bot).send(OutboundTelegram("44", "Which?", rows=ROWS)))
    changed = OutboundTelegram("44", "Noted.")
    assert ask(lambda bot: Sender(bot).edit(changed, 1)).sent is True
    assert ask(lambda bot: Sender(bot).edit(changed, 1)) == SendResult(sent=True, detail="unchanged")
    assert [(seen.text, seen.buttons) for seen in her.reads()] == [("Noted.", {})]
    assert ask(lambda bot: Sender(bot).edit(changed, 99)).permanent is True


MESSAGE = OutboundTelegram("44", "plantedword", timeout_seconds=0.5)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(too_many(7), SendResult(sent=False, retry_after=7.0, detail="http_429"), id="too many, with a pause"),
        pytest.param(Fault.answer(429), SendResult(sent=False, retry_after=1.0, detail="http_429"), id="too many, without"),
        pytest.param(too_many(1e30), SendResult(sent=False, retry_after=3600.0, detail="http_429"), id="too many, for ever"),
        pytest.param(
            refusal(403, "Forbidden: bot was blocked by the user"), SendResult(sent=False, permanent=True, detail="blocked"), id="blocked"
        ),
        pytest.param(refusal(403, "Forbidden: user is deactivated"), SendResult(sent=False, permanent=True, detail="blocked"), id="gone"),
        pytest.param(
            refusal(400, "Bad Request: chat not found"), SendResult(sent=False, permanent=True, detail="http_400"), id="no such chat"
        ),
        pytest.param(
            refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001),
            SendResult(sent=False, permanent=True, detail="chat_migrated"),
            id="a chat that moved",
        ),
        pytest.param(refusal(401, "Unauthorized"), SendResult(sent=False, detail="bad_token"), id="our token is wrong: not lost for it"),
        pytest.param(refusal(404, "Not Found"), SendResult(sent=False, detail="bad_token"), id="our token is no token"),
        pytest.param(Fault.answer(500), SendResult(sent=False, detail="http_500"), id="it stumbled"),
        pytest.param(Fault.answer(502, body=b"<html>plantedword"), SendResult(sent=False, detail="http_502"), id="a web page instead"),
        pytest.param(
            Fault.answer(418, body=b"<html>plantedword"), SendResult(sent=False, detail="telegram_error"), id="an answer nobody knows"
        ),
        pytest.param(
            Fault.answer(302, Location="http://127.0.0.1:9/"), SendResult(sent=False, detail="telegram_error"), id="it points elsewhere"
        ),
        pytest.param(Fault.hang(), SendResult(sent=False, detail="timeout"), id="it says nothing"),
        pytest.param(Fault.drop(), SendResult(sent=False, detail="connection_lost"), id="it hangs up"),
        pytest.param(Fault.accept_then_drop(), SendResult(sent=False, detail="connection_lost"), id="it takes the message and hangs up"),
        pytest.param(Fault.garbage(), SendResult(sent=False, detail="unreadable_answer"), id="it takes the message and answers nonsense"),
    ],
)
def test_what_an_attempt_became_is_a_result(api: FakeBotApi, ask, fault: Fault, expected: SendResult) -> None:
    Person(api, 44)
    api.plan(fault)
    assert ask(lambda bot: Sender(bot).send(MESSAGE)) == expected
    assert api.server.faults_left() == 0


def test_a_server_that_is_not_there_is_a_result(api: FakeBotApi, ask) -> None:
    with api.refuse():
        assert ask(lambda bot: Sender(bot).send(MESSAGE)) == SendResult(sent=False, detail="unreachable")


def test_a_chat_that_asked_for_a_pause_is_left_alone_while_others_go_on(api: FakeBotApi, ask) -> None:
    first, second = Person(api, 1), Person(api, 2)
    first.chat.flooded_for = 30

    async def three(bot) -> list[SendResult]:
        sender = Sender(bot)
        return [await sender.send(OutboundTelegram(chat, "x")) for chat in ("1", "1", "2")]

    asked, paused, other = ask(three)
    assert asked == SendResult(sent=False, retry_after=30.0, detail="http_429")
    assert (paused.sent, paused.detail) == (False, "chat_paused")
    assert 0 < paused.retry_after <= 30
    assert other.sent is True
    assert (len(first.reads()), len(second.reads())) == (0, 1)


def test_a_pause_ends(api: FakeBotApi, ask) -> None:
    her = Person(api, 1)
    api.plan(too_many(0.05))

    async def twice(bot) -> SendResult:
        sender = Sender(bot)
        pause = (await sender.send(OutboundTelegram("1", "x"))).retry_after
        await asyncio.sleep(pause)
        return await sender.send(OutboundTelegram("1", "x"))

    assert ask(twice).sent is True
    assert len(her.reads()) == 1


def test_many_messages_at_once_all_arrive(api: FakeBotApi, ask) -> None:
    people = [Person(api, 100 + n) for n in range(60)]

    async def at_once(bot) -> list[SendResult]:
        sender = Sender(bot)
        return await asyncio.gather(*(sender.send(OutboundTelegram(str(her.chat.chat_id), "x")) for her in people))

    assert all(result.sent for result in ask(at_once))
    assert [len(her.reads()) for her in people] == [1] * 60


class OldChat:
    """A chat of 250 messages, hers and ours, the first 20 of them too old to delete."""

    def __init__(self, api: FakeBotApi, clock: list[float]) -> None:
        self.her = Person(api, 44)
        for number in range(250):
            api.show(self.her.chat, {"text": "x"}, ours=number % 2 == 0)
            if number == 19:
                clock[0] += 3600
        clock[0] += 47.5 * 3600


@pytest.fixture
def aged(api: FakeBotApi) -> OldChat:
    clock = [1_795_386_600.0]
    api.now = lambda: clock[0]
    return OldChat(api, clock)


def test_hers_and_ours_are_deleted_in_hundreds_and_what_is_too_old_stays(api: FakeBotApi, ask, aged: OldChat) -> None:
    outcome = ask(lambda bot: Sender(bot).delete("44", [*aged.her.history(), 9_999, 9_999]))
    assert outcome == Deletion(refused=20)
    assert aged.her.history() == list(range(1, 21))
    assert [len(call["message_ids"]) for call in api.called("deleteMessages")] == [100, 51]


def test_what_could_not_be_asked_is_left_for_the_next_time(api: FakeBotApi, ask, aged: OldChat) -> None:
    ids = [one for one in aged.her.history() if one > 20]
    body = json.dumps({"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 9}}).encode()
    api.plan(Fault.answer(429, body=body, only="deleteMessages"))
    assert ask(lambda bot: Sender(bot).delete("44", ids)) == Deletion(tuple(ids), 9.0)
    api.plan(Fault.drop(only="deleteMessages"))
    assert ask(lambda bot: Sender(bot).delete("44", ids)) == Deletion(tuple(ids))
    api.plan(Fault.answer(500, only="/deleteMessage"))
    assert ask(lambda bot: Sender(bot).delete("44", ids)).left == tuple(ids)
    assert ask(lambda bot: Sender(bot).delete("44", ids)) == Deletion()


def test_a_network_that_breaks_between_single_deletions_leaves_the_rest(api: FakeBotApi, ask, aged: OldChat) -> None:
    api.plan(Fault.answer(400, only="deleteMessages"), Fault.answer(500, only="deleteMessage"))
    assert ask(lambda bot: Sender(bot).delete("44", [1, 30, 31])).left == (1, 30, 31)


def test_a_blocked_chat_deletes_nothing_and_is_done(api: FakeBotApi, ask, aged: OldChat) -> None:
    aged.her.blocks()
    assert ask(lambda bot: Sender(bot).delete("44", [30, 31])) == Deletion(refused=2)
    assert ask(lambda bot: Sender(bot).delete("44", [])) == Deletion()


def test_the_profile_says_nothing(api: FakeBotApi, ask) -> None:
    assert ask(lambda bot: show_neutral(bot, name="Office")) == []
    assert api.profile == {"name": "Office", "description": "", "short_description": "", "commands": []}
    assert ask(lambda bot: show_neutral(bot, name="Office")) == []
    assert len(api.called("setMyName")) == 1
    api.plan(Fault.answer(500, only="setMyDescription"))
    assert ask(show_neutral) == ["description"]


def test_the_token_and_her_words_reach_no_exception_no_print_and_no_log(api: FakeBotApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Person(api, 44)
    told: list[str] = []

    async def through_every_fault() -> None:
        async with connected(api.token, api.root) as bot:
            told.extend([repr(bot), str(bot), repr(MESSAGE), repr(ROWS)])
            for fault in [*map(Fault.named, ("500", "403", "400", "401", "302", "hang", "drop", "garbage")), too_many(1)]:
                api.plan(fault)
                try:
                    await bot.send_message(44, "plantedword", read_timeout=0.3)
                except TelegramError as failure:
                    told.append("".join(traceback.TracebackException.from_exception(failure, capture_locals=False).format()))
                    told.append(repr([failure, failure.__cause__, failure.__context__]))

    asyncio.run(through_every_fault())
    with api.refuse():
        asyncio.run(_refused(api, told))
    assert len(told) == 4 + 2 * 10
    everything = "\n".join(told) + caplog.text
    assert "token-of-the-tests" not in everything
    assert "plantedword" not in caplog.text + repr(MESSAGE)


async def _refused(api: FakeBotApi, told: list[str]) -> None:
    async with connected(api.token, api.root) as bot:
        try:
            await bot.send_message(44, "plantedword")
        except TelegramError as failure:
            told.extend([traceback.format_exc(), repr([failure, failure.__cause__, failure.__context__])])
