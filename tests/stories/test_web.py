"""The web chat with the real conversation behind it: words, scripts, curtains, and what is shown once."""

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sos.conversations.actions import transcript
from sos.outbox.models import OutboxRow
from sos.privacy.retention import forget_old
from sos.survivors.address import Address, Channel
from tests.bot.plain_desk import gazetteer, texts
from tests.fakes.web_desk import TalkingDesk

pytestmark = [pytest.mark.story, pytest.mark.timeout(120)]


class Browser:
    """The page without JavaScript: a form, a cookie, a redirect."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.page = self._read(f"{url}/chat?language={language}")

    def says(self, *texts: str) -> list[str]:
        for text in texts:
            self._posts(text=text)
        return self.lines

    def taps(self, label: str) -> list[str]:
        (value,) = re.findall(rf'value="([^"]*)">{re.escape(label)}</button>', self.page)
        self._posts(choice=value)
        return self.lines

    def looks(self) -> list[str]:
        self.page = self._read(f"{self.url}/chat")
        return self.lines

    @property
    def lines(self) -> list[str]:
        found = re.findall(r"<li class=\"(?:ours|hers)[^>]*>.*?</span>(.*?)</li>", self.page, re.DOTALL)
        return [line.replace("&#39;", "'") for line in found]

    @property
    def token(self) -> str:
        return next(one.value for one in self.cookies if one.name == "id").partition(".")[0]

    def _posts(self, **fields: str) -> None:
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        self.page = self._read(urllib.request.Request(f"{self.url}/chat", data, {"Sec-Fetch-Site": "same-origin"}))

    def _read(self, request: str | urllib.request.Request) -> str:
        with self._opener.open(request, timeout=20) as answer:
            return answer.read().decode()


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[TalkingDesk]:
    made = TalkingDesk(tmp_path / "i", sqlite_template)
    made.house.rooms.__dict__ |= {"gazetteer": gazetteer(), "texts": texts()}
    with made as running:
        yield running


def test_agreed_words_are_masked_on_her_screen_and_kept_nowhere(desk: TalkingDesk) -> None:
    ana = Browser(desk.url)
    ana.says("hello", "1", "1")
    ana.taps("my words")
    ana.taps("check word")
    lines = ana.says("green door")
    assert "…" in lines
    assert "Kept" in " ".join(lines)
    ana.says("green door")
    assert not any("green door" in line for line in ana.lines)
    with desk.house.database.read() as conn:
        known = desk.house.rooms.survivors.find(conn, Address(Channel.WEB, ana.token))
        assert known
        said = transcript(conn, survivor_id=known.id, key=known.key.raw)
    assert sum(bool(one.body.get("masked")) for one in said) == 2
    assert "green door" not in json.dumps([one.body for one in said])


def test_latin_letters_typed_on_the_cyrillic_page_are_answered_in_cyrillic(desk: TalkingDesk) -> None:
    ana = Browser(desk.url, "sr-Cyrl")
    assert "Примљено" in ana.says("SOS")[-1]
    assert "Опет примљено" in ana.says("on je opet tu i bije me")[-1]
    assert 'lang="sr-Cyrl"' in ana.page


def test_the_latin_page_is_answered_in_latin_letters_until_she_types_the_others(desk: TalkingDesk) -> None:
    ana = Browser(desk.url, "sr")
    assert "linija" in ana.says("Dobar dan")[-1]
    assert "чувамо" in ana.says("Добар дан, даље")[-1].lower()
    assert "помогло" in ana.says("1")[-1]


@pytest.mark.parametrize("sign", ["❤️", "👍", "7", "🏠 🏠 🏠 🏠", "..."])
def test_a_sign_without_letters_changes_no_language(desk: TalkingDesk, sign: str) -> None:
    ana = Browser(desk.url, "tr")
    first = ana.says(sign)[-1]
    assert "bilgi hattı" in first or "Tehlike" in first or "tehlike" in first
    ana.says("Merhaba, avukata ihtiyacım var")
    assert not any(word in ana.says(sign)[-1] for word in ("Here is", "line"))


@pytest.mark.parametrize("word", ["0", "EXIT", "stop"])
def test_leaving_by_a_word_drops_the_curtain_over_what_stood_there(desk: TalkingDesk, word: str) -> None:
    ana = Browser(desk.url)
    ana.says("hello", "1", "1", "I need a lawyer in Prizren")
    assert "Prizren" in ana.page
    assert ana.says(word) == ["Ended. You can write again at any time."]
    later = ana.says("hello")
    assert not any("Prizren" in line for line in later)


def test_a_phrase_that_nobody_looked_at_in_time_is_dropped(desk: TalkingDesk) -> None:
    ana = Browser(desk.url)
    ana.says("hello", "1", "1")
    house = desk.house
    with house.database.write() as unit:
        from sos.bot.answering import Replies
        from sos.bot.desk import RoomsDesk
        from sos.bot.engine import Answer, State
        from sos.bot.messages import Reply

        known = house.rooms.survivors.meet(unit, Address(Channel.WEB, ana.token), "web")
        shown = Reply("phrase.shown", {"phrase": "xylophone"}, secret=True)
        Replies(unit, RoomsDesk(house.rooms, unit, known), known, State(), Answer(State(language="en"), (shown,))).send()
    forget_old(house.database, house.keystore)
    assert rows(desk) == 1, "in time it waits"
    desk.clock.advance(minutes=16)
    forget_old(house.database, house.keystore)
    assert rows(desk) == 0
    assert "xylophone" not in " ".join(ana.looks())


def rows(desk: TalkingDesk) -> int:
    with desk.house.database.read() as conn:
        return conn.execute(select(func.count()).select_from(OutboxRow)).scalar_one()


def test_fifty_sos_on_the_web_are_one_alert_and_one_short_line_each(desk: TalkingDesk) -> None:
    ana = Browser(desk.url)
    for _ in range(5):
        ana.says("SOS, help me")
    assert "5 in all" in ana.lines[-1]
    assert all(len(line) < 200 for line in ana.lines[2:])
