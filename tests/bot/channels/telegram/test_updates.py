"""A stored update becomes one message of hers; what is no message of hers becomes nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from sos.bot.channels.telegram.updates import read
from sos.bot.messages import Address, Attached, Channel, Incoming, Kind
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.telegram_person import Person

NOW = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
CHAT = {"id": 44, "type": "private", "first_name": "A"}
SENDER = {"id": 44, "is_bot": False, "first_name": "A"}
AT = 1795386600


def update(kind: str = "message", **content: object) -> bytes:
    whole = {"message_id": 5, "date": AT, "chat": CHAT, "from": SENDER, **content}
    return json.dumps({"update_id": 9, kind: whole}).encode()


def incoming(kind: Kind, text: str = "", **more: object) -> Incoming:
    fields = {"sent_at": datetime.fromtimestamp(AT, UTC), "provider_ref": "5", **more}
    return Incoming("9", Address(Channel.TELEGRAM, "44"), "telegram", NOW, text=text, kind=kind, **fields)  # type: ignore[arg-type]


PLACE = {"latitude": 42.66, "longitude": 21.16}
LIVE = {**PLACE, "live_period": 900}
LATER = {"edit_date": AT + 60}
PHOTO = Attached("f", "photo", media_type="image/jpeg")
EDITED = datetime.fromtimestamp(AT + 60, UTC)

ROWS = [
    ("her words", update(text="Помоћ"), incoming(Kind.TEXT, "Помоћ")),
    (
        "a command is words too",
        update(text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}]),
        incoming(Kind.TEXT, "/start"),
    ),
    (
        "words forwarded",
        update(text="SOS", forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": "x"}),
        incoming(Kind.TEXT, "SOS"),
    ),
    ("words she changed afterwards", update("edited_message", text="SOS", **LATER), incoming(Kind.TEXT, "SOS", sent_at=EDITED)),
    ("half of an emoji", update(text="SOS \ud83d"), incoming(Kind.TEXT, "SOS \ufffd")),
    ("a NUL", update(text="S\x00OS"), incoming(Kind.TEXT, "SOS")),
    ("a place", update(location=PLACE), incoming(Kind.LOCATION, latitude=42.66, longitude=21.16)),
    (
        "a place of whole degrees",
        update(location={"latitude": 42, "longitude": 21}),
        incoming(Kind.LOCATION, latitude=42.0, longitude=21.0),
    ),
    (
        "a named place",
        update(location=PLACE, venue={"location": PLACE, "title": "t", "address": "a"}),
        incoming(Kind.LOCATION, latitude=42.66, longitude=21.16),
    ),
    ("she goes live", update(location=LIVE), incoming(Kind.LIVE_LOCATION, latitude=42.66, longitude=21.16)),
    ("live for ever", update(location={**PLACE, "live_period": 0x7FFFFFFF}), incoming(Kind.LIVE_LOCATION, latitude=42.66, longitude=21.16)),
    (
        "she moves",
        update("edited_message", location=LIVE, **LATER),
        incoming(Kind.LIVE_LOCATION, latitude=42.66, longitude=21.16, sent_at=EDITED),
    ),
    (
        "she stops",
        update("edited_message", location=PLACE, **LATER),
        incoming(Kind.LIVE_LOCATION_ENDED, latitude=42.66, longitude=21.16, sent_at=EDITED),
    ),
    ("a place outside the world", update(location={"latitude": 99, "longitude": 21}), incoming(Kind.UNREADABLE)),
    ("a place of words", update(location={"latitude": "x"}), incoming(Kind.UNREADABLE)),
    ("an end without a place", update("edited_message", location={}, **LATER), incoming(Kind.LIVE_LOCATION_ENDED, sent_at=EDITED)),
    ("a photo", update(photo=[{"file_id": "f"}]), incoming(Kind.ATTACHMENT, file=PHOTO)),
    ("a photo with words", update(photo=[{"file_id": "f"}], caption="SOS"), incoming(Kind.ATTACHMENT, "SOS", file=PHOTO)),
    (
        "the largest of a photo's sizes",
        update(photo=[{"file_id": "s", "file_size": 9}, {"file_id": "f", "file_size": 99}]),
        incoming(Kind.ATTACHMENT, file=replace(PHOTO, size=99)),
    ),
    ("her voice", update(voice={"file_id": "f"}), incoming(Kind.ATTACHMENT, file=Attached("f", "voice"))),
    (
        "a file",
        update(document={"file_id": "f", "file_name": "a.pdf", "mime_type": "application/pdf", "file_size": 7}),
        incoming(Kind.ATTACHMENT, file=Attached("f", "document", "a.pdf", "application/pdf", 7)),
    ),
    ("a contact", update(contact={"phone_number": "x", "first_name": "x"}), incoming(Kind.ATTACHMENT)),
    ("a poll", update(poll={"id": "1"}), incoming(Kind.UNREADABLE)),
    ("a time before time", update(text="SOS", date=-(10**18)), incoming(Kind.TEXT, "SOS", sent_at=None)),
    ("no time", update(text="SOS", date=None), incoming(Kind.TEXT, "SOS", sent_at=None)),
    ("no message id", update(text="SOS", message_id=0), incoming(Kind.TEXT, "SOS", provider_ref=None)),
    ("an attached thing nobody knows yet, with words", update(text="SOS", hologram={}), incoming(Kind.TEXT, "SOS")),
]


@pytest.mark.parametrize(("body", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_what_she_did_is_read(body: bytes, expected: Incoming) -> None:
    assert read(body, received_at=NOW) == expected


GROUP = {"id": -44, "type": "group", "title": "g"}
MEMBER = {"chat": CHAT, "from": SENDER, "date": AT}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(update(text="SOS", chat=GROUP), id="a group"),
        pytest.param(update(text="SOS", chat={**GROUP, "type": "supergroup"}), id="a large group"),
        pytest.param(json.dumps({"update_id": 9, "channel_post": {"chat": GROUP, "text": "x"}}).encode(), id="a channel"),
        pytest.param(update(text="SOS", **{"from": {**SENDER, "is_bot": True}}), id="another bot"),
        pytest.param(update(pinned_message={}), id="Telegram's own note"),
        pytest.param(update(message_auto_delete_timer_changed={"message_auto_delete_time": 1}), id="a timer she set"),
        pytest.param(
            json.dumps({"update_id": 9, "my_chat_member": {**MEMBER, "new_chat_member": {"status": "member"}}}).encode(), id="she unblocks"
        ),
        pytest.param(
            json.dumps({"update_id": 9, "my_chat_member": {**MEMBER, "chat": GROUP, "new_chat_member": {"status": "kicked"}}}).encode(),
            id="thrown out of a group",
        ),
        pytest.param(
            json.dumps({"update_id": 9, "callback_query": {"id": "1", "from": SENDER, "message": {"chat": GROUP}, "data": "1"}}).encode(),
            id="a tap in a group",
        ),
        pytest.param(
            json.dumps({"update_id": 9, "callback_query": {"id": "1", "from": SENDER, "game_short_name": "x"}}).encode(), id="a game"
        ),
        pytest.param(b"{", id="cut"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"[" * 100_000, id="nested past reason"),
    ],
)
def test_what_is_no_message_of_hers_is_nothing(body: bytes) -> None:
    assert read(body, received_at=NOW) is None


def test_a_block_is_told() -> None:
    body = json.dumps({"update_id": 9, "my_chat_member": {**MEMBER, "new_chat_member": {"status": "kicked"}}}).encode()
    assert read(body, received_at=NOW) == incoming(Kind.BLOCKED, provider_ref=None)


def test_a_tap_is_the_buttons_value_and_can_be_answered() -> None:
    message = {"message_id": 5, "date": AT, "chat": CHAT}
    body = json.dumps({"update_id": 9, "callback_query": {"id": "77", "from": SENDER, "message": message, "data": "2"}}).encode()
    assert read(body, received_at=NOW) == incoming(Kind.BUTTON, "2", sent_at=None, tap="77")


def test_a_tap_on_a_message_that_telegram_no_longer_shows() -> None:
    body = json.dumps({"update_id": 9, "callback_query": {"id": "77", "from": SENDER, "data": "2"}}).encode()
    assert read(body, received_at=NOW) == incoming(Kind.BUTTON, "2", sent_at=None, provider_ref=None, tap="77")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["chat", "id", "type", "text", "location", "latitude", "live_period", "from", "data", "date", "message"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]), ANYTHING)
def test_no_shape_of_an_update_is_an_error(kind: str, content: object) -> None:
    body = json.dumps({"update_id": 9, kind: content}).encode()
    read(body, received_at=NOW)


def test_the_fake_speaks_what_the_library_understands_and_we_read_the_same(api: FakeBotApi) -> None:
    her = Person(api, 44)
    bot_message = api.show(
        her.chat, {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "One", "callback_data": "1"}]]}}, ours=True
    )
    assert bot_message.ours
    her.edits(her.types("SOS"), "SOS now")
    live = her.goes_live(42.66, 21.16)
    her.moves(live, 42.67, 21.17)
    her.stops_sharing(live)
    her.shares(42.0, 21.0)
    her.sends_photo("look")
    her.sends_voice()
    her.taps("One")
    her.blocks()
    her.unblocks()
    updates = list(api._updates)
    assert len(updates) == 11
    for one in updates:
        understood = Update.de_json(one, None)
        ours = read(json.dumps(one).encode(), received_at=NOW)
        assert understood is not None
        assert understood.effective_chat is not None
        if ours is None:
            assert understood.my_chat_member
            continue
        message = understood.effective_message
        assert ours.address.value == str(understood.effective_chat.id)
        if ours.kind is Kind.BUTTON:
            assert understood.callback_query
            assert ours.text == understood.callback_query.data
        elif message is not None:
            assert ours.text == (message.text or message.caption or "")
            assert ours.latitude == (message.location.latitude if message.location else None)
    assert [one.kind for one in (read(json.dumps(u).encode(), received_at=NOW) for u in updates) if one] == [
        Kind.TEXT,
        Kind.TEXT,
        Kind.LIVE_LOCATION,
        Kind.LIVE_LOCATION,
        Kind.LIVE_LOCATION_ENDED,
        Kind.LOCATION,
        Kind.ATTACHMENT,
        Kind.ATTACHMENT,
        Kind.BUTTON,
        Kind.BLOCKED,
    ]
