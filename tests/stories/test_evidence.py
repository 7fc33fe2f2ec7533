"""Evidence by SMS and Telegram: asked first, kept at her yes alone, as it came; fetched, told, and gone when she says so (DOMAIN 19)."""

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sos.bot.channels.telegram.fetching import Fetching
from sos.bot.messages import Channel
from sos.survivors.address import Address
from sos.survivors.evidence.actions import LEASE, TRIES
from sos.survivors.evidence.models import EvidenceRow
from sos.survivors.evidence.states import MOST_BYTES
from tests.bot.talking import Line, Person
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.http_server import Fault
from tests.fakes.telegram_desk import Talker, TelegramDesk
from tests.stories.voices import agree, introduced

pytestmark = [pytest.mark.story, pytest.mark.timeout(120)]
PHOTO = secrets.token_bytes(200_000)


def kept(line: Line, person: Person) -> list[bytes]:
    rooms = line.rooms
    with rooms.database.read() as conn:
        known = rooms.survivors.find(conn, person.address)
        hers = {"survivor_id": known.id, "key": known.key}
        return [rooms.evidence_reading.body(conn, item.id, **hers) for item in rooms.evidence_reading.items(conn, **hers)]


def test_by_sms_words_are_kept_word_for_word_with_their_time(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").sends("evidence")
    assert "photo" not in ana.all_read
    ana.says("1")
    ana.sends("Monday at noon: the blue car stood there again.\nTwo people saw it.")
    assert "Kept as number 1, 13:00" in ana.all_read
    ana.says("On Tuesday again.", "1")
    assert kept(line, ana) == [b"Monday at noon: the blue car stood there again.\nTwo people saw it.", b"On Tuesday again."]
    ana.says("something else entirely")
    assert len(kept(line, ana)) == 2


def test_without_a_check_word_nothing_is_kept(line: Line, ana: Person) -> None:
    introduced(ana).says("evidence", "he broke the door", "0")
    assert line.count(EvidenceRow) == 0


def test_words_of_danger_raise_and_are_kept_too(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("evidence", "1")
    ana.sends("he is beating me now")
    assert line.alerts() == 1
    assert "Received" in ana.all_read
    assert "Kept for you" in ana.all_read
    assert kept(line, ana) == [b"he is beating me now"]


def test_what_he_said_to_her_does_not_make_her_him(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("evidence", "1")
    ana.sends("He wrote: I hit my wife and I will do it again")
    assert kept(line, ana)[0].startswith(b"He wrote")
    assert "programme" not in ana.all_read


def test_deleted_alone_after_the_word_and_not_before(line: Line, ana: Person) -> None:
    agree(introduced(ana), "1", "green door").says("evidence", "1", "he broke the door", "1")
    line.clock.advance(minutes=40)
    ana.says("delete my evidence", "yes", "1")
    assert line.count(EvidenceRow) == 1
    ana.says("delete my evidence", "green door", "delete my evidence", "1")
    assert line.count(EvidenceRow) == 0
    assert "deleted here" in ana.all_read


def test_in_cover_nothing_is_kept(line: Line, ana: Person) -> None:
    agree(agree(introduced(ana), "1", "green door"), "2", "office hours").says("evidence", "1", "office hours", "he broke the door")
    assert line.count(EvidenceRow) == 0


def test_what_is_known_of_her_is_for_the_web_alone_and_says_why(line: Line, ana: Person) -> None:
    introduced(ana).sends("what do you know about me")
    assert "web page of this line only" in ana.all_read
    assert "stay in the phone" in ana.all_read


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Iterator[TelegramDesk]:
    with FakeBotApi() as api, TelegramDesk(api, tmp_path, database_url) as made:
        yield made


@pytest.fixture
def vera(desk: TelegramDesk) -> Talker:
    made = desk.person()
    for text in ("hello", "1", "1", "menu", "5", "1", "green door"):
        made.types(text)
    return made


def fetch(desk: TelegramDesk) -> int:
    return Fetching(desk.house.rooms, desk.api.token, desk.api.root).run_once()


def held(desk: TelegramDesk) -> list[tuple[bytes, object]]:
    rooms = desk.house.rooms
    with rooms.database.read() as conn:
        known = rooms.survivors.find(conn, Address(Channel.TELEGRAM, "44"))
        hers = {"survivor_id": known.id, "key": known.key}
        return [(rooms.evidence_reading.body(conn, one.id, **hers), one.card) for one in rooms.evidence_reading.items(conn, **hers)]


def rows(desk: TelegramDesk) -> int:
    with desk.house.database.read() as conn:
        return conn.execute(select(func.count()).select_from(EvidenceRow)).scalar_one()


def after(desk: TelegramDesk, her: Talker) -> str:
    """What she reads after the file was fetched, or not."""
    return "\n".join(her.does(lambda: fetch(desk)))


def test_a_photo_is_offered_first_and_kept_at_her_yes(desk: TelegramDesk, vera: Talker) -> None:
    asked = "\n".join(vera.does(lambda: vera.phone.sends_file(PHOTO, "IMG.HEIC", "image/heic")))
    assert "not opened and is not kept" in asked
    assert rows(desk) == 0
    assert not desk.api.called("getFile"), "nothing is fetched before she wishes"
    vera.taps("yes")
    assert "Kept as number 1" in after(desk, vera)
    ((body, card),) = held(desk)
    assert body == PHOTO
    assert card.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert (card.name, card.media_type, card.channel) == ("IMG.HEIC", "image/heic", "telegram")
    assert card.sent_at is not None


def test_nothing_is_kept_if_she_says_no(desk: TelegramDesk, vera: Talker) -> None:
    vera.does(lambda: vera.phone.sends_file(PHOTO))
    vera.taps("no")
    assert fetch(desk) == 0
    assert rows(desk) == 0
    assert not desk.api.called("getFile")


def test_one_that_is_too_large_is_refused_with_one_sentence(desk: TelegramDesk, vera: Talker) -> None:
    vera.types("evidence")
    vera.taps("a photo or file")
    assert "10 MB" in "\n".join(vera.does(lambda: vera.phone.sends_file(bytes(MOST_BYTES + 1))))
    assert rows(desk) == 0


def test_a_bad_line_is_tried_again_and_what_never_comes_is_said(desk: TelegramDesk, vera: Talker) -> None:
    vera.types("evidence")
    vera.taps("a photo or file")
    vera.does(lambda: vera.phone.sends_file(PHOTO))
    desk.api.plan(Fault.answer(503, only="getFile"), Fault.drop(only="/file/"))
    for _ in range(2):
        assert fetch(desk) == 1
        assert fetch(desk) == 0, "leased"
        desk.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert "Kept as number 1" in after(desk, vera)
    vera.does(lambda: vera.phone.sends_file(PHOTO))
    desk.api.plan(*[Fault.answer(503, only="getFile")] * TRIES)
    for _ in range(TRIES - 1):
        fetch(desk)
        desk.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert "could not be fetched" in after(desk, vera)
    assert rows(desk) == 1


def test_erase_while_it_is_being_fetched_leaves_nothing(desk: TelegramDesk, vera: Talker) -> None:
    vera.types("evidence")
    vera.taps("a photo or file")
    vera.does(lambda: vera.phone.sends_file(PHOTO))
    vera.types("ERASE")
    assert fetch(desk) == 0
    assert rows(desk) == 0
