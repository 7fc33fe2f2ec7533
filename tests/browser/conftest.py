"""Debian's Chromium, driven by Playwright, against the web chat on loopback. Skipped by name where Chromium is missing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.fakes.web_desk import TalkingDesk, WebDesk

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
WEATHER = "https://www.yr.no/"
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is missing (apt-get install chromium): the web chat was not tried in a browser")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],  # her browser keeps pages for Back: ours must, too
        )
        yield running
        running.close()


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[WebDesk]:
    with WebDesk(tmp_path / "instance", sqlite_template) as running:
        yield running


@pytest.fixture
def talking(tmp_path: Path, sqlite_template: Path) -> Iterator[TalkingDesk]:
    with TalkingDesk(tmp_path / "instance", sqlite_template) as running:
        yield running


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a fresh browser; at the end nothing was asked of other hosts and nothing complained in its console."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    complaints: list[str] = []
    expected: list[str] = []

    def open_page(address: str, *, scripts: bool = True, viewport: Any = None, complains: str = "", **options: Any) -> Page:
        """`complains`: a part of the one complaint that this test is about."""
        context = browser.new_context(
            java_script_enabled=scripts, viewport=viewport or PHONE, locale=options.pop("locale", "en-GB"), **options
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        context.route(f"{WEATHER}**", lambda route: route.fulfill(body="<title>Weather</title><h1>Weather</h1>", content_type="text/html"))
        context.on("request", lambda request: asked.append(request.url))
        expected.append(complains)
        context.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert asked, "no request was seen"
    foreign = {
        url
        for url in asked
        if not url.startswith(("http://127.0.0.1:", "http://localhost:", "data:")) and url.rstrip("/") != WEATHER.rstrip("/")
    }
    assert not foreign
    assert not [text for text in complaints if not any(part and part in text for part in expected)]
