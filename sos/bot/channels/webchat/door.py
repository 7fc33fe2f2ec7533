"""The web chat's door: takes a message as every channel does, waits a moment for the answer, shows the page. Works without JavaScript.

Looks nobody up before a message is stored; stores nothing for a mere look; keeps no address of the visitor; logs nothing of the content.
"""

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from sos import logs
from sos.bot.channels.webchat import chrome, emergency, headers
from sos.bot.channels.webchat.box import Box, House
from sos.bot.channels.webchat.reading import MOST, PROVIDER, clean, degrees, pack
from sos.bot.channels.webchat.session import Cookies, Forms, Session, Waiting
from sos.bot.channels.webchat.thread import Thread
from sos.bot.channels.webchat.waiting import Waiters
from sos.bot.messages import Kind
from sos.keys.keystore import KeysUnavailable
from sos.survivors.address import Address, Channel

Accept = Callable[..., None]
NOT_STORED = (SQLAlchemyError, KeysUnavailable, OSError)
_FILES = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "own.css": "text/css; charset=utf-8",
    "own.js": "text/javascript; charset=utf-8",
}
_LOOKS = ((10, 2), (40, 4), (120, 10))
"""Seconds of waiting -> seconds until the page looks again; after the last it stops by itself."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where Exit leads: an address that is nobody's business, and its name as the button says it."""

    url: str = "https://www.yr.no/"
    name: str = "yr.no"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that was not taken, so that its words can stand in the form again. `why`: a word of the chrome."""

    text: str = field(repr=False)
    why: str
    status: HTTPStatus
    form: str = ""


def blueprint(house: House, accept: Accept, *, public_url: str, site: Site | None = None, waiters: int = 4) -> Blueprint:
    """`/chat`, `/chat/<file>`, `/exit`. `waiters`: how many requests may wait for an answer at once, a quarter of the threads."""
    door = Blueprint("chat", __name__, template_folder="templates")
    page = Page(house, site or Site(), public_url)
    taking = Taking(page, accept, Waiters(waiters))

    @door.get("/chat")
    def show() -> Response:
        return page.show()

    @door.post("/chat")
    def write() -> Response:
        return taking.take()

    @door.get("/chat/<name>")
    def file(name: str) -> Response:
        return page.file(name)

    @door.route("/exit", methods=["GET", "POST"])
    def leave() -> Response:
        return page.leave()

    @door.after_request
    def dressed(response: Response) -> Response:
        return headers.dress(response, request.headers.get("Accept-Encoding", ""))

    return door


class Page:
    """Shows the conversation of this browser."""

    def __init__(self, house: House, site: Site, public_url: str) -> None:
        self.house = house
        self.site = site
        self.box = Box(house)
        self.cookies = Cookies(secure=public_url.startswith("https:"))
        self.forms = Forms(lambda: house.keystore.session_key, house.clock)
        folder = Path(__file__).with_name("static")
        self._files = {name: (folder / name).read_bytes() for name in _FILES}

    def show(self, draft: Draft | None = None) -> Response:
        """The page; with what was not taken, where there is such."""
        session = self.cookies.read(request.cookies)
        waiting = self.cookies.read_waiting(request.cookies) if session and not draft else None
        away = draft is not None and draft.status is HTTPStatus.SERVICE_UNAVAILABLE
        try:
            open_still = waiting is not None and self.box.is_waiting(waiting.reference)
            thread = self.box.thread(session.token) if session else Thread()
        except NOT_STORED as error:
            logs.event("web.failed", endpoint="chat.show", error=type(error).__name__)
            open_still, thread, away = waiting is not None, Thread(), True
        look_again = self._look_again(waiting) if waiting and open_still else None
        mark = f"{thread.mark}.{look_again}"
        if request.headers.get("X-Have") == mark and not draft:
            return Response(status=HTTPStatus.NO_CONTENT)
        response = self._render(session, thread, draft, waiting=open_still, look_again=look_again, mark=mark, away=away)
        if waiting and not open_still:
            self.cookies.drop_waiting(response)
        return response

    def _render(
        self,
        session: Session | None,
        thread: Thread,
        draft: Draft | None,
        *,
        waiting: bool,
        look_again: int | None,
        mark: str,
        away: bool,
    ) -> Response:
        language = self.language(session, thread.language)
        words = self.words(language)
        html = render_template(
            "chat.html",
            words=words,
            thread=thread,
            draft=draft,
            waiting=waiting,
            look_again=look_again,
            mark=mark,
            form=(draft and draft.form) or self.new_form(),
            language=language,
            languages=chrome.OFFERED,
            html_language=chrome.html_language,
            site=self.site,
            numbers=self.numbers(language) if away else (),
        )
        return make_response(html, draft.status if draft else HTTPStatus.OK)

    def _look_again(self, waiting: Waiting) -> int | None:
        """In how many seconds the page looks again; None when it stops doing so by itself."""
        age = (self.house.clock.now() - waiting.since) / timedelta(seconds=1)
        return next((pause for until, pause in _LOOKS if age < until), None)

    def language(self, session: Session | None, spoken: str = "") -> str:
        """Her choice on the page, else what the conversation speaks, else her cookie, else her browser's."""
        asked = request.args.get("language", "")
        if request.method == "POST":
            with contextlib.suppress(RequestEntityTooLarge):  # the form was too large to be read at all
                asked = request.form.get("language", "")
        spoken = "sr" if spoken == "sr-Latn" else spoken
        for wanted in (asked if request.method == "GET" else "", spoken, asked, session.language if session else ""):
            if wanted in chrome.OFFERED:
                return wanted
        return chrome.chosen(request.accept_languages.values())

    def words(self, language: str) -> chrome.Chrome:
        """The page's own words; English stands in for catalogues that cannot be loaded."""
        texts = None
        with contextlib.suppress(Exception):
            texts = self.house.rooms.texts
        return chrome.chrome(texts, language, site=self.site.name, limit=MOST)

    def numbers(self, language: str) -> tuple[str, ...]:
        """Whom to call while nothing can be stored here."""
        with contextlib.suppress(Exception):
            return emergency.lines(self.house.rooms, language, self.house.clock.now())
        return ()

    def new_form(self) -> str:
        """An id for this rendering; unsigned where the keystore is away: a page is shown whatever happens."""
        try:
            return self.forms.new()
        except KeysUnavailable:
            return secrets.token_urlsafe(32)

    def file(self, name: str) -> Response:
        """Style and script."""
        if name not in self._files:
            return Response(status=HTTPStatus.NOT_FOUND)
        return Response(self._files[name], content_type=_FILES[name])

    def leave(self) -> Response:
        """A blank page at once, in two steps to the neutral site; the session ends behind it.

        Not a redirect: a browser keeps the old page on the screen until the other site has answered. Two steps: a browser that keeps pages for Back
        puts the chat away when the first blank page comes, so only what the second one clears is gone (measured in Chromium, without scripts).
        """
        hers = not headers.from_elsewhere(request)
        next_page = "/exit" if hers and request.method == "POST" else self.site.url
        response = make_response(render_template("left.html", next_page=next_page, words=self.words(self.language(None))))
        if not hers:
            return response  # another site cannot end her conversation
        session = self.cookies.read(request.cookies)
        self.cookies.drop(response)
        response.headers["Clear-Site-Data"] = '"cache", "storage", "cookies"'
        if session:
            response.call_on_close(lambda: self.box.leave(session.token))
        return response


class Taking:
    """Takes one message: one durable INSERT, then a short wait for its answer."""

    def __init__(self, page: Page, accept: Accept, waiters: Waiters) -> None:
        self._page = page
        self._accept = accept
        self._waiters = waiters

    def take(self) -> Response:
        """Store what was written and go to the page. What cannot be taken comes back with its words."""
        try:
            form = request.form.get("form", "")
        except RequestEntityTooLarge:
            return self._page.show(Draft("", "too_long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
        choice = clean(request.form.get("choice", ""))
        text = clean(request.form.get("text", ""))
        if headers.from_elsewhere(request):
            return self._page.show(Draft(text, "elsewhere", HTTPStatus.FORBIDDEN))
        if len(text) > MOST or len(choice) > MOST:
            return self._page.show(Draft(text, "too_long", HTTPStatus.UNPROCESSABLE_ENTITY, form))
        point = degrees(request.form.get("latitude"), request.form.get("longitude"))
        if not (text or choice or point):
            return redirect("/chat", HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
        kind = Kind.BUTTON if choice else Kind.LOCATION if point else Kind.TEXT
        try:
            return self._store(form, choice or text, kind, point)
        except NOT_STORED as error:
            logs.event("web.failed", endpoint="chat.write", error=type(error).__name__)
            return self._page.show(Draft(text, "not_stored", HTTPStatus.SERVICE_UNAVAILABLE, form))

    def _store(self, form: str, text: str, kind: Kind, point: tuple[float, float] | None) -> Response:
        page = self._page
        session = page.cookies.read(request.cookies)
        language = page.language(session)
        session = Session(session.token if session else page.forms.session(form), language)
        reference = page.forms.reference(session.token, form or secrets.token_hex(16), f"{kind.value}\x1f{text}\x1f{point}")
        body = pack(session=session.token, reference=reference, text=text, kind=kind, point=point, language=language)
        self._accept(provider=PROVIDER, provider_id=reference, address=Address(Channel.WEB, session.token), body=body)
        response: Response = redirect("/chat", HTTPStatus.SEE_OTHER)  # type: ignore[assignment]
        page.cookies.keep(response, session)
        if self._still_open(reference):
            page.cookies.keep_waiting(response, Waiting(reference, page.house.clock.now()))
        else:
            page.cookies.drop_waiting(response)
        return response

    def _still_open(self, reference: str) -> bool:
        try:
            return self._waiters.wait(lambda: self._page.box.is_waiting(reference))
        except NOT_STORED:
            return True  # it is stored; the page looks again
