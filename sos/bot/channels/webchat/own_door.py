"""The pages of what is hers: her plan, her evidence, all that is kept of her. They open with her check word alone, and work without JavaScript.

Whoever has not said it sees one and the same page, whoever she is and whatever is kept. Nothing is stored in the browser; no address tells of her.
"""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request

from sos import logs
from sos.bot.channels.webchat import archive, chrome, headers, upload
from sos.bot.channels.webchat.box import House
from sos.bot.channels.webchat.door import NOT_STORED, Page, Site
from sos.bot.channels.webchat.own_words import LISTING, WORDS
from sos.bot.channels.webchat.reading import clean
from sos.bot.channels.webchat.telling import told_page
from sos.bot.own_page import opened, opened_to_write, say
from sos.db.database import Unit
from sos.survivors.actions import Known
from sos.survivors.evidence import chain
from sos.survivors.evidence.actions import Original
from sos.survivors.evidence.errors import NoSuchEvidence
from sos.survivors.evidence.states import MOST_BYTES, Medium
from sos.survivors.safety_plan.actions import LONGEST
from sos.survivors.safety_plan.states import Part

MEGABYTES: Final = MOST_BYTES // (1024 * 1024)
_HERE: Final = "/chat/mine"


def blueprint(house: House, *, public_url: str, site: Site | None = None) -> Blueprint:
    """`/chat/mine` and what is below it."""
    door = Blueprint("own", __name__, template_folder="templates", url_prefix=_HERE)
    own = OwnDoor(house, Page(house, site or Site(), public_url))
    door.add_url_rule("", "show", own.show, methods=["GET"])
    door.add_url_rule("/known", "known", own.known, methods=["GET"])
    door.add_url_rule("/word", "word", own.word, methods=["POST"])
    door.add_url_rule("/keep", "keep", own.keep, methods=["POST"])
    door.add_url_rule("/plan", "plan", own.plan, methods=["POST"])
    door.add_url_rule("/change", "change", own.change, methods=["POST"])
    door.add_url_rule("/export", "export", own.export, methods=["POST"])

    @door.after_request
    def dressed(response: Response) -> Response:
        if response.is_streamed:  # an archive is no page: it is sent as it is made
            response.headers.update(headers.HEADERS)
            return response
        return headers.dress(response, request.headers.get("Accept-Encoding", ""))

    return door


class OwnDoor:
    """Each method is one address."""

    def __init__(self, house: House, page: Page) -> None:
        self._house = house
        self._page = page

    @property
    def _token(self) -> str:
        session = self._page.cookies.read(request.cookies)
        return session.token if session else ""

    def _words(self) -> chrome.Chrome:
        page, session = self._page, self._page.cookies.read(request.cookies)
        language = session.language if session and session.language in chrome.OFFERED else ""
        language = language or chrome.chosen(request.accept_languages.values())
        wanted = {**WORDS, **LISTING}
        return chrome.chrome(self._house.rooms.texts, language, site=page.site.name, limit=LONGEST, wanted=wanted, megabytes=MEGABYTES)

    def show(self, note: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
        """Everything of hers after her word; else the question for it."""
        words, house = self._words(), self._house
        try:
            with house.database.read() as conn:
                known = opened(house.rooms, conn, self._token, house.clock.now()) if self._token else None
                if known is None:
                    return self._closed(words)
                plan = house.rooms.own_plans.read(conn, survivor_id=known.id, key=known.key)
                items = house.rooms.evidence_reading.items(conn, survivor_id=known.id, key=known.key)
                texts = {
                    item.id: house.rooms.evidence_reading.body(conn, item.id, survivor_id=known.id, key=known.key).decode()
                    for item in items
                    if item.card and item.card.medium is Medium.WORDS
                }
        except NoSuchEvidence:
            texts = {}
        except NOT_STORED as error:
            logs.event("web.failed", endpoint="own.show", error=type(error).__name__)
            return self._closed(words, HTTPStatus.SERVICE_UNAVAILABLE)
        parts = [(part.value, self._name_of(part, words), plan.parts.get(part, "")) for part in Part]
        html = render_template(
            "own.html",
            words=words,
            site=self._page.site,
            note=note,
            parts=parts,
            longest=LONGEST,
            items=items,
            texts=texts,
            broken=chain.broken(items),
        )
        return make_response(html, status)

    def _name_of(self, part: Part, words: chrome.Chrome) -> str:
        code, _, tag = words.language.partition("-")
        return self._house.rooms.texts.say(f"plan.name.{part.value}", code, script="cyrillic" if tag == "Cyrl" else "latin")

    def _closed(self, words: chrome.Chrome, status: HTTPStatus = HTTPStatus.OK) -> Response:
        return make_response(render_template("own_closed.html", words=words, site=self._page.site), status)

    def known(self) -> Response:
        """All that is kept of her, and who read it."""
        words, house = self._words(), self._house
        with house.database.write() as unit:
            known = opened_to_write(house.rooms, unit, self._token) if self._token else None
            if known is None:
                return self._closed(words)
            told = house.rooms.knowing.tell(unit, known)
        return make_response(told_page(told, words, house.rooms.texts, self._page.site))

    def word(self) -> Response:
        """Take her word; the answer is the same whether it was right."""
        if not headers.from_elsewhere(request) and self._token:
            said = clean(request.form.get("word", "")[:200])
            self._store(lambda unit: say(self._house.rooms, unit, self._token, said))
        return _back()

    def keep(self) -> Response:
        """Keep a file, or words, or both: she sends this form to have them kept, and only then are they."""
        if headers.from_elsewhere(request):
            return self.show("own_elsewhere", HTTPStatus.FORBIDDEN)
        sent = upload.read(request)
        if sent is None:
            return self.show("own_too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        said = clean(sent.words)
        if not sent.body and not said:
            return self.show("own_nothing", HTTPStatus.UNPROCESSABLE_ENTITY)
        return self._done(lambda unit, known: self._keep(unit, known, sent, said))

    def _keep(self, unit: Unit, known: Known, sent: upload.Upload, said: str) -> None:
        book, now = self._house.rooms.evidence, unit.now
        if sent.body:
            medium = Medium.PHOTO if sent.media_type.startswith("image/") else Medium.FILE
            original = Original(medium, sent.body, "web", now, name=sent.name, media_type=sent.media_type)
            book.keep(unit, original, survivor_id=known.id, key=known.key)
        if said:
            original = Original(Medium.WORDS, said.encode(), "web", now, media_type="text/plain; charset=utf-8")
            book.keep(unit, original, survivor_id=known.id, key=known.key)

    def plan(self) -> Response:
        """Keep the pieces of her plan as they now stand in the form."""
        if headers.from_elsewhere(request):
            return self.show("own_elsewhere", HTTPStatus.FORBIDDEN)
        texts = {part: clean(request.form.get(part.value, ""))[:LONGEST] for part in Part}
        return self._done(lambda unit, known: self._house.rooms.own_plans.rewrite(unit, texts, survivor_id=known.id, key=known.key))

    def change(self) -> Response:
        """Share, unshare or delete one item; delete the plan or all evidence."""
        if headers.from_elsewhere(request):
            return self.show("own_elsewhere", HTTPStatus.FORBIDDEN)
        wanted, item = request.form.get("do", ""), request.form.get("id", "")[:32]
        book, plans = self._house.rooms.evidence, self._house.rooms.own_plans
        acts: dict[str, Callable[[Unit, Known], object]] = {
            "share": lambda unit, known: book.share(unit, item, survivor_id=known.id),
            "unshare": lambda unit, known: book.unshare(unit, item, survivor_id=known.id),
            "erase": lambda unit, known: book.erase(unit, item, survivor_id=known.id),
            "erase_all": lambda unit, known: book.erase_all(unit, survivor_id=known.id),
            "erase_plan": lambda unit, known: plans.erase(unit, survivor_id=known.id),
        }
        return self._done(acts[wanted]) if wanted in acts else _back()

    def _done(self, act: Callable[[Unit, Known], object]) -> Response:
        """Do it where the page is open, in one transaction; then the page again. An item that is gone already is gone."""
        stored = self._store(lambda unit: self._act(unit, act))
        return _back() if stored else self.show("own_not_stored", HTTPStatus.SERVICE_UNAVAILABLE)

    def _act(self, unit: Unit, act: Callable[[Unit, Known], object]) -> None:
        known = opened_to_write(self._house.rooms, unit, self._token) if self._token else None
        if known is not None:
            act(unit, known)

    def _store(self, act: Callable[[Unit], object]) -> bool:
        try:
            with self._house.database.write() as unit:
                act(unit)
        except NoSuchEvidence:
            return True
        except NOT_STORED as error:
            logs.event("web.failed", endpoint="own.change", error=type(error).__name__)
            return False
        return True

    def export(self) -> Response:
        """The archive, made while it is sent."""
        if headers.from_elsewhere(request):
            return self.show("own_elsewhere", HTTPStatus.FORBIDDEN)
        words, house, token = self._words(), self._house, self._token
        with house.database.write() as unit:
            known = opened_to_write(house.rooms, unit, token) if token else None
            if known is None:
                return _back()
            items = house.rooms.evidence_reading.items(unit.conn, survivor_id=known.id, key=known.key)
            house.rooms.evidence.note_taken_along(unit, survivor_id=known.id)
        parts: Iterator[bytes] = archive.packed(items, lambda item: self._body(token, item), words.words, house.clock.now())
        response = Response(parts, mimetype="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{archive.NAME}"'
        return response

    def _body(self, token: str, item_id: str) -> bytes:
        """One original, opened anew: no key is kept between two of them."""
        house = self._house
        with house.database.read() as conn:
            known = opened(house.rooms, conn, token, house.clock.now())
            if known is None:
                raise NoSuchEvidence
            return house.rooms.evidence_reading.body(conn, item_id, survivor_id=known.id, key=known.key)


def _back() -> Response:
    return redirect(_HERE, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
