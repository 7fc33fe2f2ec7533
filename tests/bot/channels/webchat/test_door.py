"""The web chat's door: what it stores, what it answers, what every answer carries."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from sos.bot.channels.webchat.reading import read_web
from sos.bot.messages import Incoming, Kind
from sos.clock import ManualClock
from sos.factory import House
from sos.inbox import actions as inbox
from tests.bot.channels.webchat.conftest import form_of

PAGES = [
    ("GET", "/chat"),
    ("POST", "/chat"),
    ("GET", "/chat/page.css"),
    ("GET", "/chat/page.js"),
    ("GET", "/exit"),
    ("POST", "/exit"),
    ("GET", "/chat/none"),
]


def house(client: FlaskClient) -> House:
    found: House = client.application.extensions["sos"]
    return found


def stored(client: FlaskClient) -> list[Incoming]:
    """Every message in the inbox, opened."""
    with house(client).database.read() as conn:
        rows = inbox.waiting(conn, after_seq=0, limit=100)
    return [read_web(inbox.open_body(house(client).keystore, row), received_at=row.received_at) for row in rows]


def counted(client: FlaskClient) -> dict[str, int]:
    with house(client).database.read() as conn:
        tables = [row[0] for row in conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in tables}


@pytest.mark.parametrize(("method", "path"), PAGES)
def test_every_answer_forbids_storing_framing_and_everything_from_elsewhere(client: FlaskClient, method: str, path: str) -> None:
    headers = client.open(path, method=method, data={"text": "hello"} if method == "POST" else None).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("method", "path"), [page for page in PAGES if page[1] in {"/chat", "/exit"}])
def test_no_page_has_inline_script_or_style_or_anything_of_others(client: FlaskClient, method: str, path: str) -> None:
    html = client.open(path, method=method, follow_redirects=True).text
    assert "<title>" in html
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", html)
    outside = set(re.findall(r"https?://[^\"' ]+", html))
    assert outside <= {"https://www.yr.no/"}


def test_a_look_stores_nothing_and_sets_no_cookie(client: FlaskClient) -> None:
    before = counted(client)
    for _ in range(3):
        answer = client.get("/chat")
        assert "Set-Cookie" not in answer.headers
    assert sum(before.values()) >= 0
    assert len(before) > 5
    assert counted(client) == before


def test_a_message_is_one_sealed_row_that_carries_its_session(client: FlaskClient) -> None:
    answer = client.post("/chat", data={"form": form_of(client.get("/chat").text), "text": "marigold\r\nlantern", "language": "sq"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/chat")
    (message,) = stored(client)
    assert message.text == "marigold\nlantern"
    cookie = client.get_cookie("id")
    assert cookie
    assert cookie.value == f"{message.address.value}.sq"
    assert len(message.address.value) == 43


@pytest.mark.parametrize(("url", "name", "secure"), [("https://info.example", "__Host-id", True), ("http://127.0.0.1:8000", "id", False)])
def test_the_cookie_is_kept_from_scripts_other_sites_and_the_next_day(
    app_at: Callable[[str], FlaskClient], url: str, name: str, secure: bool
) -> None:
    client = app_at(url)
    answer = client.post("/chat", data={"text": "hello"}, base_url=url)
    (line,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")]
    assert "HttpOnly" in line
    assert "SameSite=Strict" in line
    assert "Path=/" in line
    assert ("Secure" in line) is secure
    assert "Max-Age" not in line
    assert "Expires" not in line
    assert "Domain" not in line


def test_a_double_tap_counts_once_even_as_the_very_first_message(client: FlaskClient) -> None:
    form = form_of(client.get("/chat").text)
    tokens = []
    for _ in range(2):
        client.delete_cookie("id")
        client.post("/chat", data={"form": form, "text": "hello"})
        cookie = client.get_cookie("id")
        assert cookie
        tokens.append(cookie.value)
    assert len(stored(client)) == 1
    assert tokens[0] == tokens[1]


def test_corrected_words_from_the_same_form_are_another_message(client: FlaskClient) -> None:
    form = form_of(client.get("/chat").text)
    for text in ("hello", "hello there"):
        client.post("/chat", data={"form": form, "text": text})
    assert [message.text for message in stored(client)] == ["hello", "hello there"]


@pytest.mark.parametrize("form", ["", "foreign", "x" * 48, "Ж", "A" * 5000], ids=["none", "foreign", "forged", "not ascii", "huge"])
def test_a_message_is_taken_whatever_its_form_says(client: FlaskClient, form: str) -> None:
    client.post("/chat", data={"form": form, "text": "hello"})
    assert [message.text for message in stored(client)] == ["hello"]


def test_an_old_first_form_is_taken_but_leads_to_no_known_session(client: FlaskClient, clock: ManualClock) -> None:
    form = form_of(client.get("/chat").text)
    clock.set(clock.now() + timedelta(hours=2))
    tokens = set()
    for _ in range(2):
        client.delete_cookie("id")
        client.post("/chat", data={"form": form, "text": "hello"})
        cookie = client.get_cookie("id")
        assert cookie
        tokens.add(cookie.value)
    assert len(tokens) == 2
    assert len(stored(client)) == 2


def test_the_same_words_said_again_are_said_again(client: FlaskClient) -> None:
    for _ in range(3):
        client.post("/chat", data={"form": form_of(client.get("/chat").text), "text": "SOS"})
    assert len(stored(client)) == 3


@pytest.mark.parametrize(
    ("fields", "kind", "text", "point"),
    [
        ({"choice": "menu:yes", "text": "half a wo"}, Kind.BUTTON, "menu:yes", (None, None)),
        ({"latitude": "42.659", "longitude": "20.288"}, Kind.LOCATION, "", (42.659, 20.288)),
        ({"latitude": "nan", "longitude": "20.288", "text": "Peja"}, Kind.TEXT, "Peja", (None, None)),
        ({"text": "  Peć \x00 "}, Kind.TEXT, "Peć", (None, None)),
    ],
    ids=["a tap", "a place", "no place on earth", "letters and a NUL"],
)
def test_what_she_sends_arrives_as_what_it_is(client: FlaskClient, fields: dict, kind: Kind, text: str, point: tuple) -> None:
    client.post("/chat", data=fields)
    (message,) = stored(client)
    assert (message.kind, message.text, (message.latitude, message.longitude)) == (kind, text, point)


@pytest.mark.parametrize(
    "fields", [{}, {"text": "   "}, {"latitude": "1000", "longitude": "0"}], ids=["nothing", "blanks", "off the earth"]
)
def test_nothing_is_no_message(client: FlaskClient, fields: dict) -> None:
    assert client.post("/chat", data=fields).status_code == 303
    assert not stored(client)


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "null"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Origin": "https://elsewhere.example"}, False),
        ({}, True),
    ],
)
def test_a_post_that_another_site_makes_is_shown_to_her_not_taken(client: FlaskClient, headers: dict, taken: bool) -> None:
    answer = client.post("/chat", data={"text": "marigold"}, headers=headers)
    assert bool(stored(client)) is taken
    assert answer.status_code == (303 if taken else 403)
    assert taken or ">\nmarigold</textarea>" in answer.text


def test_another_site_cannot_end_her_session(client: FlaskClient) -> None:
    client.post("/chat", data={"text": "hello"})
    answer = client.post("/exit", headers={"Sec-Fetch-Site": "cross-site"})
    assert "Clear-Site-Data" not in answer.headers
    assert client.get_cookie("id")
    answer = client.post("/exit", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage", "cookies"'
    assert not client.get_cookie("id")


@pytest.mark.parametrize(("method", "leads_to"), [("POST", "/exit"), ("GET", "https://www.yr.no/")])
def test_leaving_is_two_blank_pages_that_both_clear(client: FlaskClient, method: str, leads_to: str) -> None:
    answer = client.open("/exit", method=method)
    assert answer.status_code == 200
    assert f'content="0;url={leads_to}"' in answer.text
    assert "<body></body>" in answer.text
    assert "Clear-Site-Data" in answer.headers
    cleared = [line for line in answer.headers.getlist("Set-Cookie") if "Max-Age=0" in line]
    assert len(cleared) == 2


def test_too_much_comes_back_with_its_words_and_the_same_form(client: FlaskClient) -> None:
    form = form_of(client.get("/chat").text)
    answer = client.post("/chat", data={"form": form, "text": "<b>" + "ë" * 2000})
    assert answer.status_code == 422
    assert "&lt;b&gt;ë" in answer.text
    assert form_of(answer.text) == form
    assert not stored(client)
    assert client.post("/chat", data={"text": "ë" * 2000}).status_code == 303


def test_far_too_much_is_one_clear_line(client: FlaskClient) -> None:
    answer = client.post("/chat", data={"text": "x" * 600_000})
    assert answer.status_code == 413
    assert "2000" in answer.text


def test_what_could_not_be_stored_comes_back_with_its_words(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of(client.get("/chat").text)

    def down(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(house(client).database, "write", down)
    monkeypatch.setattr(house(client).database, "read", down)
    answer = client.post("/chat", data={"form": form, "text": "marigold"})
    assert answer.status_code == 503
    assert ">\nmarigold</textarea>" in answer.text
    assert "could not be stored" in answer.text
    for part in ("these numbers work without this page", "Kosovo: ", "Serbia: ", "112", "192", "194", "0800 11112"):
        assert part in answer.text
    page = client.get("/chat")
    assert page.status_code == 200
    client.set_cookie("id", "A" * 43)
    assert "these numbers work" in client.get("/chat").text, "also where nothing can be read"


def test_numbers_stand_there_only_while_nothing_can_be_stored(client: FlaskClient) -> None:
    assert "these numbers work" not in client.get("/chat").text


def test_a_damaged_cookie_is_no_session_and_no_error(client: FlaskClient) -> None:
    for value in ("", "x", "é", "A" * 43 + ".<script>", "A" * 4000):
        client.set_cookie("id", value)
        client.set_cookie("at", value)
        assert client.get("/chat").status_code == 200
        assert client.post("/chat", data={"text": "hello"}).status_code == 303


def test_a_waiting_page_looks_again_then_stops_by_itself(client: FlaskClient, clock: ManualClock) -> None:
    client.post("/chat", data={"text": "hello"})
    pauses = []
    for seconds in (0, 11, 30, 80):
        clock.set(clock.now() + timedelta(seconds=seconds))
        html = client.get("/chat").text
        found = re.search(r'http-equiv="refresh" content="(\d+);url=/chat"', html)
        pauses.append(int(found.group(1)) if found else None)
        assert 'id="text"' in html
    assert pauses == [2, 4, 10, None]
    assert "Look again" in html


def test_the_page_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    client.post("/chat", data={"text": "hello"})
    html = client.get("/chat").text
    mark = re.search(r'data-mark="([^"]+)"', html)
    assert mark
    answer = client.get("/chat", headers={"X-Have": mark.group(1)})
    assert (answer.status_code, answer.data) == (204, b"")


def test_pages_come_compressed_to_who_takes_it(client: FlaskClient) -> None:
    plain = client.get("/chat/page.js")
    packed = client.get("/chat/page.js", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize(
    ("accepts", "lang"),
    [
        ("sq-XK,sq;q=0.9,en;q=0.5", "sq"),
        ("sr-Cyrl-RS", "sr-Cyrl"),
        ("sr-RS,en", "sr-Latn"),
        ("bs", "bs"),
        ("de,tr;q=0.8", "tr"),
        ("de", "en"),
        ("", "en"),
    ],
)
def test_the_first_page_is_in_a_language_of_the_browser(client: FlaskClient, accepts: str, lang: str) -> None:
    html = client.get("/chat", headers={"Accept-Language": accepts}).text
    assert f'<html lang="{lang}" dir="ltr"' in html
    for name in ("Shqip", "Srpski", "Српски", "Bosanski", "Türkçe", "Romani", "English"):
        assert f">{name}</a>" in html


def test_a_chosen_language_wins_and_a_made_up_one_is_nothing(client: FlaskClient) -> None:
    assert '<html lang="tr"' in client.get("/chat?language=tr", headers={"Accept-Language": "sq"}).text
    assert '<html lang="sq"' in client.get("/chat?language=<x>", headers={"Accept-Language": "sq"}).text
    client.post("/chat", data={"text": "hello", "language": "tr"}, headers={"Accept-Language": "sq"})
    assert '<html lang="tr"' in client.get("/chat", headers={"Accept-Language": "sq"}).text
