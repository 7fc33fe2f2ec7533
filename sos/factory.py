"""Builds the Flask application of one process. Opens nothing by itself: the database and the keystore are opened at their first use."""

import ipaddress
import os
import resource
from dataclasses import replace
from functools import cached_property
from http import HTTPStatus

from flask import Flask, Response, abort, g, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from config.settings import Settings
from sos import logs
from sos.access.permission_map import ASKED_AT_THE_DOOR, Caller, permission_for, permits
from sos.api import hsds
from sos.audit import chain
from sos.bot.channels.sms import door as sms_door
from sos.bot.channels.sms import phone, registry
from sos.bot.channels.sms.provider import SmsProvider
from sos.bot.channels.telegram import door as telegram_door
from sos.bot.channels.telegram import webhook as telegram_webhook
from sos.bot.channels.webchat import door as chat_door
from sos.bot.channels.webchat import own_door
from sos.bot.herald import BotHerald
from sos.clock import Clock, SteadyClock
from sos.console import guard, health, mishap, shell
from sos.console.doors import CONSOLE
from sos.db.database import Database
from sos.db.migrate import upgrade
from sos.db.wake import Topic
from sos.encryption import index
from sos.inbox import actions as inbox
from sos.inbox.queries import is_used as inbox_used
from sos.inbox.states import Source
from sos.keys.keystore import Keystore, KeysUnavailable
from sos.rooms import Rooms
from sos.survivors.address import Address
from sos.survivors.queries import anybody

_OF_PROXIES = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


class House:
    """What one process has: settings, database, keystore, rooms, gateways."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SteadyClock()

    @property
    def public_url(self) -> str:
        return self.settings.public_url

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url, self.clock)

    @cached_property
    def keystore(self) -> Keystore:
        return Keystore.open(self.settings.keys)

    @cached_property
    def rooms(self) -> Rooms:
        made = Rooms(database=self.database, keystore=self.keystore, clock=self.clock, config=self.settings.config, demo=self.settings.demo)
        made.herald = BotHerald(made)
        return made

    @cached_property
    def providers(self) -> dict[str, SmsProvider]:
        return registry.providers(self.settings.sms, public_url=self.settings.public_url)

    def prepare(self) -> None:
        """Create what an empty instance lacks: folder, keystore, schema, demonstration. Safe to run twice and side by side."""
        self.settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        upgrade(self.database)
        self._find_or_make_keys()
        if self.settings.demo:
            self.rooms.load_demonstration()

    def _find_or_make_keys(self) -> None:
        """New keys for a new database only: beside a database in use, keys that are missing or strange are a disk that is not mounted.

        With new ones everybody in it would count as forgotten, for good. Raises KeysUnavailable.
        """
        missing = not Keystore.exists(self.settings.keys)
        with self.database.read() as conn:
            row = chain.any_row(conn)
            in_use = row is not None or inbox_used(conn) or anybody(conn)
        if missing and in_use:
            raise KeysUnavailable(f"none in {self.settings.keys}, but the database is in use: is the folder mounted?")
        keystore = Keystore.create(self.settings.keys, now=self.clock.now())
        if row is not None and not chain.is_ours(row, keystore.audit_key):
            raise KeysUnavailable(f"the one in {self.settings.keys} belongs to another database")

    def accept(self, *, provider: str, provider_id: str, address: Address, body: bytes, source: Source = Source.MESSAGE) -> None:
        """Store one message: one durable INSERT, nothing looked up."""
        with self.database.write() as unit:
            inbox.accept(
                unit, self.keystore, provider=provider, provider_id=provider_id, sender=address.for_index(), body=body, kind=source
            )
            self.rooms.wake.ring(unit, Topic.INBOX)


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """The application with all doors. Every endpoint that is not in the access table is refused."""
    logs.configure()
    keep_to_ourselves()
    app = _App("sos", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=2 * sms_door.MAX_BYTES, MAX_FORM_MEMORY_SIZE=2 * sms_door.MAX_BYTES, JSON_SORT_KEYS=False)
    house = House(settings, clock)
    app.extensions["sos"] = house
    app.register_blueprint(sms_door.blueprint(house.providers, house.accept, house.clock, public_url=settings.public_url))
    reading = telegram_door.Reading(
        verify=lambda header: telegram_webhook.verify(header, settings.telegram_secret), envelope=telegram_webhook.envelope
    )
    app.register_blueprint(telegram_door.blueprint(reading, house.accept, house.clock, public_url=settings.public_url))
    app.register_blueprint(chat_door.blueprint(house, house.accept, public_url=settings.public_url))
    app.register_blueprint(own_door.blueprint(house, public_url=settings.public_url))
    app.register_blueprint(health.blueprint(house))
    directory = hsds.Directory(
        read=lambda: house.database.read(),  # noqa: PLW0108 - the database is opened at its first use
        live=lambda: house.rooms.index,
        categories=lambda: house.rooms.categories,
    )
    app.register_blueprint(hsds.blueprint(directory))
    if settings.demo:
        app.register_blueprint(phone.blueprint(house.providers["generic"], house.accept, house.clock, public_url=settings.public_url))
    for topic in CONSOLE:
        app.register_blueprint(topic(house))
    staff = guard.Guard(house, guard.Cookie(secure=settings.public_url.startswith("https:")))
    guard.configure(app, secure=staff.cookie.secure)
    app.before_request(lambda: _guard(settings, staff))
    app.after_request(_plain_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _fault)
    return app


class _App(Flask):
    """Flask, with the key of the staff's form tokens read from the keystore at its first use; there is no default."""

    @property
    def secret_key(self) -> str:  # type: ignore[override]
        house: House = self.extensions["sos"]
        return index(house.keystore.session_key, b"staff forms").hex()


def keep_to_ourselves() -> None:
    """What this process writes is for its owner only, and its memory, which holds keys and words, is never written to a core file."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _guard(settings: Settings, staff: guard.Guard) -> Response | None:
    """Deny by default: an endpoint that the access table does not name, or a caller that it does not admit, is refused."""
    if request.url_rule is None:
        return None  # routing's own 404 or 405
    permission = permission_for(request.endpoint, request.method)
    if permission is None:
        abort(HTTPStatus.FORBIDDEN)
    if permission in ASKED_AT_THE_DOOR:
        return None
    caller = g.caller = replace(_caller(settings), member=staff.signed(), joining=staff.joining())
    if guard.at_staff(request.path) and guard.forged():
        return (
            shell.page("sign_in/old_form.html", status=HTTPStatus.BAD_REQUEST) if not guard.by_script() else abort(HTTPStatus.BAD_REQUEST)
        )
    if permits(permission, caller):
        return None
    if not guard.at_staff(request.path):
        abort(HTTPStatus.NOT_FOUND)
    stale = caller.member is not None and permits(permission, replace(caller, member=replace(caller.member, fresh=True)))
    return staff.refusal(caller.member, stale=stale) or abort(HTTPStatus.NOT_FOUND)


def _caller(settings: Settings) -> Caller:
    """Whoever comes through a proxy, or under another name than this machine's own (a page that rebinds its name), is not on this machine."""
    passed_on = any(name in request.headers for name in _OF_PROXIES)
    local = _is_loopback(request.remote_addr or "") and _is_loopback(_host_name(request.host))
    return Caller(on_loopback=local and not passed_on, demonstration=settings.demo)


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _plain_headers(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.pop("Server", None)
    return response


def _http_error(error: HTTPException) -> Response:
    answer: Response = mishap.page(error.code or 500) or jsonify(error=error.name.lower())
    answer.status_code = error.code or 500
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or [])
    return answer


def _fault(error: Exception) -> Response:
    """Nothing was stored: say so with 503, so that the gateway tries again; never with a word of the content."""
    stored = isinstance(error, SQLAlchemyError | KeysUnavailable | OSError)
    logs.problem("web.failed", endpoint=request.endpoint or "", error=type(error).__name__)
    answer: Response = mishap.page(HTTPStatus.SERVICE_UNAVAILABLE) or jsonify(
        error="not stored, try again" if stored else "something went wrong; nothing was stored"
    )
    answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return answer
