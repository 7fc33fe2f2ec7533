"""Fifty conversations on all channels with planted words and numbers: none of them in any log, database file, WAL or dump, under any encoding."""

import http.cookiejar
import itertools
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.fakes.bot_api import FakeBotApi
from tests.fakes.sms_gateway import FakeGateway
from tests.fakes.telegram_person import Person
from tests.installation import SECRET, Installation
from tests.stories.leaks import disguises, leaks

WORDS = [
    f"{a}{b}{n:02}"
    for n, (a, b) in enumerate(itertools.product(("zvrko", "qumsh", "plavi", "dritan", "трешња"), ("lampa", "xhezve", "kopriva")))
]
SCRIPTS = (
    ("hello {word}", "1", "1", "SOS {word}", "Peja {word}", "1", "{word}", "0"),
    ("me rrah burri {word}", "ne Peje", "1", "{word} kam frike"),
    ("treba mi advokat {word}", "1", "1", "u Prizrenu {word}", "9", "9", "9", "1", "2", "{word}"),
    ("english", "1", "1", "1", "shelter {word}", "Prizren", "0", "hello {word}", "ERASE", "{word}"),
    ("помоћ {word}", "он ме бије {word}", "1", "Пећ", "{word}", "STOP"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_no_planted_word_or_number_is_left_anywhere(url: str, tmp_path: Path, postgres_uri: str) -> None:
    numbers = [f"+38344000{n:03}" for n in range(120, 140)]
    chats = [7_310_000_000 + n for n in range(15)]
    environ = {"SOS_TELEGRAM_TOKEN": "1:token-of-the-tests", "SOS_TELEGRAM_SECRET": "hook"}
    with FakeBotApi() as api, FakeGateway(SECRET) as gateway:
        environ["SOS_TELEGRAM_API_URL"] = api.root
        with Installation(tmp_path / "i", gateway_url=gateway.url, database_url=url, environ=environ) as installation:
            gateway.inbound_url = f"{installation.url}/sms/generic/inbound"
            api.webhook_url, api.webhook_secret = f"{installation.url}/telegram/webhook", "hook"
            talks = [SmsTalk(gateway, number) for number in numbers]
            talks += [TelegramTalk(Person(api, chat)) for chat in chats]
            talks += [WebTalk(installation.url) for _ in range(15)]
            assert len(talks) == 50
            for n, talk in enumerate(talks):
                for line in SCRIPTS[n % len(SCRIPTS)]:
                    talk.says(line.format(word=WORDS[n % len(WORDS)]))
            assert all(talk.was_answered() for talk in talks)
            time.sleep(6)  # a heartbeat, an audit link and a checkpoint later
        files = [file for file in (tmp_path / "i").rglob("*") if file.is_file()]
        if url:
            files += list(postgres_files(postgres_uri, url, tmp_path))
    assert any(file.suffix == ".db" for file in files) or url
    assert any(file.name == "log" for file in files)
    secrets = [*WORDS, *(number.removeprefix("+") for number in numbers), *(f"0{number[4:]}" for number in numbers), *map(str, chats)]
    assert leaks(secrets, files) == []


def test_the_search_itself_finds_every_disguise(tmp_path: Path) -> None:
    """The control: a leak in each encoding is found."""
    import base64

    file = tmp_path / "file"
    for n in range(3):
        file.write_bytes(b"log line " + base64.b64encode(b"x" * n + b"+38344000123 and more"))
        assert leaks(["38344000123"], [file]), n
    for disguise in disguises("трешња lampa"):
        file.write_bytes(b"before" + disguise + b"after")
        assert leaks(["трешња lampa"], [file])
    file.write_bytes(b"nothing here")
    assert leaks(["38344000123"], [file]) == []


class SmsTalk:
    def __init__(self, gateway: FakeGateway, number: str) -> None:
        self.gateway, self.number = gateway, number

    def says(self, text: str) -> None:
        before = self._count()
        self.gateway.phone(self.number).texts(text)
        assert self.gateway.wait_until(lambda _: self._count() > before), "no reply"

    def _count(self) -> int:
        return sum(one.to == self.number for one in self.gateway.received)

    def was_answered(self) -> bool:
        return self._count() > 0


class TelegramTalk:
    def __init__(self, person: Person) -> None:
        self.person = person

    def says(self, text: str) -> None:
        before = len(self.person.reads())
        self.person.types(text)
        assert self.person.api.wait_until(lambda: len(self.person.reads()) > before), "no reply"

    def was_answered(self) -> bool:
        return bool(self.person.reads())


class WebTalk:
    """The page without JavaScript: a form, a cookie, a redirect."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.page = self._read(urllib.request.Request(f"{url}/chat"))

    def says(self, text: str) -> None:
        fields = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', self.page))
        data = urllib.parse.urlencode({"form": fields.get("form", ""), "text": text}).encode()
        request = urllib.request.Request(f"{self.url}/chat", data, {"Origin": self.url, "Sec-Fetch-Site": "same-origin"})
        self.page = self._read(request)

    def _read(self, request: urllib.request.Request) -> str:
        with self.opener.open(request, timeout=15) as answer:
            body = answer.read()
        return body.decode("utf-8", "replace")

    def was_answered(self) -> bool:
        return 'class="ours' in self.page


def postgres_files(server: str, url: str, folder: Path) -> Iterator[Path]:
    """Every row of every table as text, and the server's own files with its WAL."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as conn:
        tables = [name for (name,) in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        assert tables
        for table in tables:
            file = folder / f"{table}.dump"
            with file.open("wb") as out, conn.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                for chunk in copy:
                    out.write(bytes(chunk))
            yield file
        data = Path(conn.execute("SHOW data_directory").fetchone()[0])
        own = conn.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()[0]
    assert (data / "base" / str(own)).is_dir()
    for part in ("pg_wal", f"base/{own}"):
        yield from (file for file in (data / part).rglob("*") if file.is_file())
