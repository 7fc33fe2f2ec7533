"""A newcomer's browser, step by step as the pages lead: link, password, app, recovery codes, sign-in. Looks at pages as a person does."""

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from sos.clock import ManualClock
from sos.factory import House
from sos.staff.members.states import Role

PASSWORD = "five green boats sail north"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Follows forms: every post takes the token of the page before it."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.page: TestResponse | None = None
        self._token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self.client.get(path, **options))

    def post(self, path: str, *, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self._seen(self.client.post(path, data={"csrf_token": self._token} | (data or {}), **options))

    def follow(self) -> TestResponse:
        assert self.page is not None
        assert self.page.status_code == 303, self.page.status_code
        return self.get(self.page.location)

    @property
    def text(self) -> str:
        assert self.page is not None
        return unescape(self.page.get_data(as_text=True))

    def _seen(self, page: TestResponse) -> TestResponse:
        self.page = page
        found = _TOKEN.search(page.get_data(as_text=True))
        self._token = unescape(found[1]) if found else self._token
        return page


class Newcomer:
    """Somebody with an invitation, a phone with an app, and a browser."""

    def __init__(self, app: Flask, clock: ManualClock, *, alias: str = "Ana", roles: tuple[Role, ...] = (Role.OPERATOR,)) -> None:
        self.app, self.clock, self.alias = app, clock, alias
        self.house: House = app.extensions["sos"]
        self.login, self.password = f"{alias.lower()}-desk", PASSWORD
        self.browser = Browser(app)
        self.codes: list[str] = []
        self._key = ""
        with self.house.database.write() as unit:
            self.link = self.house.rooms.members.invite(unit, alias=alias, roles=roles)
            self.id, _ = reversed(self.house.rooms.members.bearer(unit, self.link))

    def take_link(self) -> TestResponse:
        self.browser.get(f"/staff/join/{self.link}")
        data = {"token": self.link, "name": self.alias, "login": self.login, "password": self.password, "again": self.password}
        return self.browser.post("/staff/join", data=data)

    def scan(self) -> None:
        """Read the key off the page, as the app does off the picture."""
        self.browser.get("/staff/factor")
        found = re.search(r'<code class="secret">([A-Z2-7-]+)</code>', self.browser.text)
        assert found, self.browser.text
        self._key = found[1]

    def app_code(self) -> str:
        return TOTP(key=self._key).generate(time=int(self.clock.now().timestamp())).token

    def set_up_app(self) -> TestResponse:
        self.scan()
        return self.browser.post("/staff/factor/app", data={"code": self.app_code()})

    def take_codes(self) -> list[str]:
        self.browser.get("/staff/factor/codes")
        self.browser.post("/staff/factor/codes")
        self.codes = re.findall(r"<code>([0-9a-f-]{14})</code>", self.browser.text)
        return self.codes

    def join(self) -> "Newcomer":
        """All of it."""
        self.take_link()
        self.set_up_app()
        assert len(self.take_codes()) == 10
        self.clock.advance(seconds=60)
        return self

    def give_password(self, browser: Browser | None = None, *, password: str | None = None) -> TestResponse:
        browser = browser or self.browser
        browser.get("/staff/sign-in")
        return browser.post("/staff/sign-in", data={"login": self.login, "password": password or self.password})

    def sign_in(self) -> Browser:
        """In a fresh browser, password and code."""
        browser = Browser(self.app)
        self.give_password(browser)
        browser.follow()
        page = browser.post("/staff/sign-in/second", data={"factor": "totp", "proof": self.app_code()})
        assert page.status_code == 303, page.status_code
        self.clock.advance(seconds=60)
        return browser
