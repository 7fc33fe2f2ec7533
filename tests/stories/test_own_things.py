"""What is hers on the web page: kept at her wish, opened by her word alone, taken along, deleted alone and with ERASE (DOMAIN 7, 8, 11, 19)."""

import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sos.audit.models import AuditRow
from sos.bot.flows.check import MOST_TRIES
from sos.survivors.evidence.models import EvidenceChunkRow, EvidenceRow
from sos.survivors.evidence.states import MOST_BYTES
from sos.survivors.safety_plan.models import OwnPlanRow
from tests.bot.channels.webchat.own_browser import OwnBrowser
from tests.bot.plain_desk import gazetteer, texts
from tests.fakes.web_desk import TalkingDesk
from tests.stories.leaks import leaks

pytestmark = [pytest.mark.story, pytest.mark.timeout(120)]
PHOTO = b"\xff\xd8\xff\xe1Exif" + secrets.token_bytes(150_000)


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[TalkingDesk]:
    made = TalkingDesk(tmp_path / "i", sqlite_template)
    made.house.rooms.__dict__ |= {"gazetteer": gazetteer(), "texts": texts()}
    with made as running:
        yield running


@pytest.fixture
def ana(desk: TalkingDesk) -> OwnBrowser:
    return OwnBrowser(desk.url).agreed()


def rows(desk: TalkingDesk, model: type = EvidenceRow) -> int:
    with desk.house.database.read() as conn:
        return conn.execute(select(func.count()).select_from(model)).scalar_one()


def archive(ana: OwnBrowser) -> zipfile.ZipFile:
    ana.posts("/export")
    assert ana.headers["Content-Type"] == "application/zip"
    assert "no-store" in ana.headers["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(ana.raw))


def test_a_photo_that_she_keeps_comes_back_bit_for_bit_with_hash_times_and_chain(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.says_word("green door")
    ana.uploads(PHOTO, "IMG_0001.JPG", words="He broke the door at noon.")
    assert hashlib.sha256(PHOTO).hexdigest() in ana.opens()
    with archive(ana) as packed:
        assert packed.testzip() is None
        assert packed.read("originals/001.jpg") == PHOTO
        assert packed.read("originals/002.txt").decode() == "He broke the door at noon."
        sums = dict(reversed(line.split("  ")) for line in packed.read("SHA256SUMS").decode().splitlines())
        assert {name: hashlib.sha256(packed.read(name)).hexdigest() for name in sums} == sums
        assert len(sums) == 2
        before = bytes(32)
        for line in packed.read("chain.txt").decode().splitlines():
            number, link = line.split()
            before = hashlib.sha256(before + packed.read(f"cards/{int(number):03}.json")).digest()
            assert before.hex() == link
        listing = packed.read("listing.txt").decode()
        card = json.loads(packed.read("cards/001.json"))
    assert hashlib.sha256(PHOTO).hexdigest() in listing
    assert card["received_at"] in listing
    assert "sha256sum -c SHA256SUMS" in listing
    with desk.house.database.read() as conn:
        noted = set(conn.execute(select(AuditRow.subject).where(AuditRow.kind == "evidence.kept")).scalars())
    assert before.hex() in noted, "the trail, which is anchored outside, shows when the link was made"


def test_without_her_word_every_page_is_the_same_whoever_looks_and_whatever_is_kept(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.says_word("green door")
    ana.uploads(PHOTO, "a.jpg")
    desk.clock.advance(minutes=31)
    stranger, empty = OwnBrowser(desk.url), OwnBrowser(desk.url).agreed("blue window")
    desk.clock.advance(minutes=31)
    for path in ("/chat/mine", "/chat/mine/known"):
        pages = {browser.opens(path) for browser in (ana, stranger, empty)}
        assert len(pages) == 1
        assert "SHA-256" not in pages.pop()
    ana.posts("/export")
    assert "zip" not in ana.headers["Content-Type"]
    ana.posts("/change", do="erase_all")
    assert rows(desk) == 1, "nobody deletes it without the word"


def test_right_and_wrong_word_are_answered_with_the_same_bytes(desk: TalkingDesk, ana: OwnBrowser) -> None:
    client = desk.app.test_client()
    desk.clock.advance(minutes=31)
    answers = []
    for word in ("purple hat", "green door"):
        client.set_cookie("id", ana.token)
        answer = client.post("/chat/mine/word", data={"word": word}, headers={"Sec-Fetch-Site": "same-origin"})
        answers.append((answer.status_code, answer.data, sorted((name, value) for name, value in answer.headers if name != "Date")))
    assert answers[0] == answers[1]
    assert "evidence" in ana.opens().lower()


def test_a_wrong_word_opens_nothing_and_guessing_ends_without_a_sign(desk: TalkingDesk, ana: OwnBrowser) -> None:
    desk.clock.advance(minutes=31)
    closed = ana.opens()
    assert ana.says_word("purple hat") == closed
    for n in range(MOST_TRIES - 1):
        assert ana.says_word(f"guess number {n}") == closed
    assert ana.says_word("green door") == closed, "the right one opens nothing any more"
    desk.clock.advance(minutes=61)
    assert ana.says_word("green door") != closed


def test_the_duress_word_shows_nothing_and_raises_an_alert(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.taps("my words")
    ana.taps("word under pressure")
    ana.says("yellow kettle")
    desk.clock.advance(minutes=31)
    closed = ana.opens()
    assert ana.says_word("yellow kettle") == closed
    with desk.house.database.read() as conn:
        assert "alert.mark.duress" in set(conn.execute(select(AuditRow.kind)).scalars())


def test_the_duress_word_is_heard_after_any_number_of_wrong_ones(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.taps("my words")
    ana.taps("word under pressure")
    ana.says("yellow kettle")
    desk.clock.advance(minutes=31)
    for n in range(MOST_TRIES + 2):
        ana.says_word(f"guess number {n}")
    ana.says_word("yellow kettle")
    with desk.house.database.read() as conn:
        assert "alert.mark.duress" in set(conn.execute(select(AuditRow.kind)).scalars())


def test_cover_hides_and_keeps(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.says_word("green door")
    ana.uploads(PHOTO, "a.jpg")
    ana.taps("my words")
    ana.taps("cover word")
    ana.says("office hours please")
    assert "SHA-256" in ana.opens()
    ana.says("office hours please")
    assert "SHA-256" not in ana.opens()
    assert rows(desk) == 1
    ana.says_word("green door")
    assert hashlib.sha256(PHOTO).hexdigest() in ana.opens()
    ana.says_word("office hours please")
    assert "SHA-256" not in ana.opens(), "typed on the page itself, too"


def test_erase_takes_evidence_and_plan_with_it(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.says_word("green door")
    ana.uploads(PHOTO, "a.jpg")
    ana.posts("/plan", bag="under the stairs")
    assert (rows(desk), rows(desk, OwnPlanRow)) == (1, 1)
    ana.says("ERASE")
    assert (rows(desk), rows(desk, EvidenceChunkRow), rows(desk, OwnPlanRow)) == (0, 0, 0)


def test_one_item_is_deleted_alone_and_the_chain_of_the_others_holds(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.says_word("green door")
    for n in range(3):
        ana.uploads(PHOTO + bytes([n]), f"{n}.jpg")
    ana.posts("/change", do="erase", id=ana.items()[1])
    page = ana.opens()
    assert "The chain is whole" in page
    assert page.count("Deleted by you") == 1
    with archive(ana) as packed:
        assert [name for name in packed.namelist() if name.startswith("originals/")] == ["originals/001.jpg", "originals/003.jpg"]


def test_what_is_too_large_is_refused_with_one_sentence_and_nothing_of_it_stays(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.says_word("green door")
    page = ana.uploads(bytes(MOST_BYTES + 1), "large.jpg")
    assert ana.status == 413
    assert "larger than 10 MB" in page
    assert rows(desk) == 0
    assert "nothing to keep" in ana.uploads()
    ana.uploads(bytes(MOST_BYTES), "exact.jpg")
    assert rows(desk) == 1


def test_another_site_can_neither_keep_nor_change_nor_open(desk: TalkingDesk, ana: OwnBrowser) -> None:
    ana.says_word("green door")
    ana.uploads(PHOTO, "a.jpg")
    client = desk.app.test_client()
    client.set_cookie("id", ana.token)
    for path in ("keep", "plan", "change", "export"):
        answer = client.post(f"/chat/mine/{path}", data={"do": "erase_all", "bag": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403, path
    assert rows(desk) == 1


def test_nothing_of_it_stands_open_in_any_file(
    desk: TalkingDesk, ana: OwnBrowser, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ana.says_word("green door")
    ana.uploads(b"planted-zvrkolampa-in-a-photo " * 3000, "kopriva-name.jpg", words="planted qumshxhezve words")
    ana.posts("/plan", bag="planted plavikopriva bag")
    ana.says("safety plan", "2")
    assert "plavikopriva" in " ".join(ana.lines)
    ana.opens("/chat/mine/known")
    archive(ana).close()
    secret = ["zvrkolampa", "kopriva-name", "qumshxhezve", "plavikopriva", "green door"]
    files = [file for file in (tmp_path / "i").rglob("*") if file.is_file()]
    assert any(file.name == "sos.db" for file in files)
    assert leaks(secret, files) == []
    out = capfd.readouterr()
    assert not [one for one in secret if one in out.out + out.err]


@pytest.mark.parametrize("language", ["en", "sq", "sr", "sr-Cyrl", "bs", "tr"])
def test_the_pages_are_in_her_language(desk: TalkingDesk, language: str) -> None:
    page = OwnBrowser(desk.url, language).opens(f"/chat/mine?language={language}")
    assert "form" in page
