"""Telegram from her thumb to her screen: taps, deletion, a moving place. Over real HTTP, on both databases."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from sos.alerts.models import AlertEntryRow, AlertRow
from sos.bot.engine import Answer
from sos.bot.flows import chat
from sos.bot.messages import Channel
from sos.conversations.models import MessageRow
from sos.outbox.models import OutboxRow
from sos.survivors.models import SurvivorRow
from tests.bot.plain_desk import PlainDesk
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import Fault
from tests.fakes.telegram_desk import Talker, TelegramDesk

pytestmark = [pytest.mark.story, pytest.mark.timeout(120)]


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[TelegramDesk]:
    with FakeBotApi() as api, TelegramDesk(api, tmp_path, database_url) as running:
        yield running


@pytest.fixture
def ana(desk: TelegramDesk) -> Talker:
    return desk.person()


def count(desk: TelegramDesk, model: type) -> int:
    with desk.house.database.read() as conn:
        return conn.execute(select(func.count()).select_from(model)).scalar_one()


# --- taps


def test_every_tap_is_answered_once_and_its_reply_comes(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    assert "We store" in ana.taps("go on")[0]
    ana.taps("SOS")
    assert len(desk.api.taps_answered) == 2
    assert count(desk, AlertRow) == 1


def test_a_tap_that_nothing_follows_is_answered_all_the_same(desk: TelegramDesk, ana: Talker, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.types("hello")
    monkeypatch.setattr("sos.bot.conversation.respond", lambda turn: Answer(turn.state))
    assert ana.taps("go on") == []
    assert len(desk.api.taps_answered) == 1


def test_a_tap_that_telegram_has_forgotten_delays_nothing(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    desk.api._tap_ids = (f"old{n}" for n in itertools.count())
    assert "We store" in ana.taps("go on")[0]
    assert desk.api.taps_answered == []


# --- deletion


def test_the_chat_is_emptied_by_a_word_and_what_stays_is_said(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    ana.taps("go on")
    before = ana.phone.history()
    assert len(before) >= 3
    (said,) = ana.types("delete this chat")
    assert "Older ones, this one" in said
    assert "until you send ERASE" in said
    (left,) = ana.phone.history()
    assert left not in before
    assert count(desk, MessageRow) > 0, "on our side nothing is deleted"


def test_the_menu_offers_it_on_telegram_and_asks_first(desk: TelegramDesk, ana: Talker) -> None:
    for answer in ("hello", "1", "1"):
        ana.types(answer)
    assert "stored with us stays" in ana.taps("delete messages here")[0]
    ana.taps("yes")
    assert len(ana.phone.history()) == 1
    assert len(desk.api.taps_answered) == 2


def test_erase_offers_it_and_the_offer_outlives_her_key(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    ana.types("1")
    done, offer = ana.types("ERASE")
    assert done == "Done. We show nothing of it any more."
    assert "Delete those of the last two days too?" in offer
    assert len(ana.phone.history()) == 7
    with desk.house.database.read() as conn:
        assert list(conn.execute(select(SurvivorRow.wrapped_key)).scalars()) == [None]
    (said,) = ana.taps("delete messages here")
    assert "being deleted" in said
    assert len(ana.phone.history()) == 3, "what we wrote after the erasure stays, as was said"


def test_an_offer_works_for_its_own_chat_only_and_for_an_hour(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    ana.types("ERASE")
    (value,) = ana.phone.reads()[-1].buttons.values()
    other = desk.person(45)
    other.types("hello")
    shown = other.phone.chat.shown[other.phone.reads()[-1].message_id]
    assert "no longer possible" in other.does(lambda: desk.api.tap(other.phone.chat, shown, value))[0]
    desk.clock.advance(hours=2)
    assert "no longer possible" in ana.taps("delete messages here")[0]
    assert desk.api.called("deleteMessages") == []


def test_erase_with_an_open_alert_hides_deletes_the_chat_and_cancels_nothing(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("SOS")
    assert ana.types("ERASE")[0] == "Done. We show nothing of it any more."
    ana.taps("delete messages here")
    assert len(ana.phone.history()) == 3
    with desk.house.database.read() as conn:
        assert list(conn.execute(select(AlertRow.state)).scalars()) == ["received"]
        assert conn.execute(select(SurvivorRow.wrapped_key).where(SurvivorRow.hidden_at.is_not(None))).scalar() is not None
    assert count(desk, MessageRow) > 0
    desk.clock.advance(minutes=1)
    ana.types("SOS")
    assert count(desk, AlertRow) == 1, "the alert is found again by her address"


def test_erase_reads_the_same_on_telegram_whether_something_is_open_or_not(desk: TelegramDesk) -> None:
    quiet, loud = desk.person(51), desk.person(52)
    quiet.types("hello")
    loud.types("SOS")
    assert quiet.types("ERASE") == loud.types("ERASE")
    assert [list(one.buttons) for one in quiet.phone.reads()[-2:]] == [list(one.buttons) for one in loud.phone.reads()[-2:]]


def test_a_message_that_cannot_be_deleted_does_not_keep_the_others(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    old = ana.phone.chat.shown[1]
    old.date -= 49 * 3600
    ana.types("delete this chat")
    assert 1 in ana.phone.history()
    assert len(ana.phone.history()) == 2


def test_nothing_older_than_two_days_is_asked_for(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    desk.clock.advance(hours=48)
    ana.types("delete this chat")
    (asked,) = desk.api.called("deleteMessages")
    ids = asked["message_ids"]
    assert 1 not in (json.loads(ids) if isinstance(ids, str) else ids)


def test_a_flooded_deletion_goes_on_with_what_is_left_and_keeps_no_answer_waiting(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    desk.api.plan(Fault.answer(429, body=json.dumps(body).encode(), only="deleteMessages"))
    (said,) = ana.types("delete this chat")
    assert "being deleted" in said
    assert len(ana.phone.history()) == 1


def test_no_key_of_hers_is_needed_for_a_deletion_that_waits(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("hello")
    ana.types("delete this chat")
    rows = desk.rows(OutboxRow.lane, OutboxRow.key_kind, OutboxRow.survivor_id, OutboxRow.state)
    assert ("service", "transit", None, "sent") in [tuple(row) for row in rows]


def test_it_is_offered_on_telegram_only() -> None:
    assert [chat.is_possible(PlainDesk(channel)) for channel in (Channel.SMS, Channel.WEB, Channel.TELEGRAM)] == [False, False, True]


def entries(desk: TelegramDesk) -> list[str]:
    with desk.house.database.read() as conn:
        return list(conn.execute(select(AlertEntryRow.kind).order_by(AlertEntryRow.seq)).scalars())


# --- a moving place

PRIZREN, PEJA = (42.2139, 20.7397), (42.6593, 20.2883)


def goes_live(ana: Talker) -> int:
    made: list[int] = []
    ana.does(lambda: made.append(ana.phone.goes_live(*PRIZREN)))
    return made[0]


def test_a_moving_place_is_followed_while_the_alert_is_open_and_said_once(
    desk: TelegramDesk, ana: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    ana.types("SOS, please help me")
    live = goes_live(ana)
    assert "The phone shows a bar" in ana.phone.reads()[-1].text
    for n in range(3):
        assert ana.does(lambda n=n: ana.phone.moves(live, PEJA[0] + n / 1000, PEJA[1])) == []
    assert entries(desk).count("point") == 4
    assert entries(desk).count("place") == 1, "coarse, beside the points"
    ended = ana.does(lambda: ana.phone.stops_sharing(live))
    assert "no longer shared" in ended[0]
    assert entries(desk).count("point") == 4
    assert "42.6" not in caplog.text
    assert "20.28" not in caplog.text


def test_without_an_alert_it_is_taken_once_as_its_municipality(desk: TelegramDesk, ana: Talker) -> None:
    for answer in ("hello", "1", "1"):
        ana.types(answer)
    live = goes_live(ana)
    assert "Noted: Prizren. A moving place is not needed now" in ana.phone.reads()[-1].text
    assert ana.does(lambda: ana.phone.moves(live, *PEJA)) == []
    assert entries(desk) == []
    assert "Prizren" in " ".join(ana.types("I need a lawyer") + ana.types("skip"))


def test_when_a_person_has_closed_the_alert_she_is_asked_to_stop_sharing(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("SOS, please help me")
    live = goes_live(ana)
    with desk.house.database.write() as unit:
        unit.conn.execute(update(AlertRow).values(state="closed"))
    assert "Please stop sharing" in ana.does(lambda: ana.phone.moves(live, *PEJA))[0]
    assert ana.does(lambda: ana.phone.moves(live, *PRIZREN)) == []
    assert entries(desk).count("point") == 1


def test_who_leaves_while_sharing_is_told_where_it_stops(desk: TelegramDesk, ana: Talker) -> None:
    ana.types("SOS")
    goes_live(ana)
    assert "you can stop it there" in ana.types("exit")[-1]


def test_a_moving_place_is_no_sign_that_she_is_there(desk: TelegramDesk, ana: Talker) -> None:
    for answer in ("hello", "1", "1"):
        ana.types(answer)
    live = goes_live(ana)
    ana.types("I need a lawyer")
    ana.types("skip")
    desk.clock.advance(minutes=20)
    ana.does(lambda: ana.phone.moves(live, *PEJA))
    desk.clock.advance(minutes=20)
    assert not any("Prizren" in text for text in ana.types("another")), "after silence nothing earlier is shown"


def test_in_cover_each_step_is_followed_and_the_office_speaks_once(desk: TelegramDesk, ana: Talker) -> None:
    for answer in ("hello", "1", "1", "5", "2", "tomatoes", "tomatoes", "SOS"):
        ana.types(answer)
    live = goes_live(ana)
    assert "office" in ana.phone.reads()[-1].text
    assert ana.does(lambda: ana.phone.moves(live, *PEJA)) == []
    assert ana.does(lambda: ana.phone.stops_sharing(live)) == []
    assert entries(desk).count("point") == 2
