"""Who stands at a staff door: reads the session's row, checks the form token, sends people to sign in. Nothing of it touches other doors.

The cookie bears `/staff` only, so no survivor's page ever sees it. `__Secure-` instead of `__Host-`: that prefix would demand the path `/`.
"""

import ipaddress
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, current_app, g, jsonify, redirect, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import validate_csrf
from sqlalchemy import Connection
from wtforms import ValidationError

from sos.access.permission_map import Signed
from sos.console.house import House
from sos.staff.duty.queries import on_duty
from sos.staff.sign_in.security_keys import Site
from sos.staff.sign_in.sessions import LONGEST, Session
from sos.staff.sign_in.states import Stage

SIGN_IN, STEP_UP = "/staff/sign-in", "/staff/fresh"


def at_staff(path: str) -> bool:
    """Whether this path belongs to the staff's side."""
    return path == "/staff" or path.startswith("/staff/")


class FormCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, used for form tokens only, and under `/staff` only: any other page has none and cannot set one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if at_staff(request.path) else None


def configure(app: Flask, *, secure: bool) -> None:
    """Cookie names and flags, and how long a form token is good."""
    app.session_interface = FormCookies()
    app.config.update(
        SESSION_COOKIE_NAME="__Secure-staff-form" if secure else "staff-form",
        SESSION_COOKIE_PATH="/staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_TIME_LIMIT=int(LONGEST.total_seconds()),
    )


class Cookie:
    """The session's cookie: random, HttpOnly, Strict, for `/staff`, gone when the browser closes."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        self.name = "__Secure-staff" if secure else "staff"

    def read(self, request: Request) -> str:
        return request.cookies.get(self.name, "")

    def keep(self, response: Response, token: str) -> None:
        response.set_cookie(self.name, token, path="/staff", httponly=True, samesite="Strict", secure=self.secure)

    def drop(self, response: Response) -> None:
        response.delete_cookie(self.name, path="/staff", httponly=True, samesite="Strict", secure=self.secure)


def site(public_url: str, request: Request) -> Site | None:
    """What security keys are bound to: the public name, or localhost on this machine; None where there is only an address, which no key takes."""
    parts = urlsplit(public_url)
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
    return Site("localhost", f"http://{request.host}") if request.host.partition(":")[0] == "localhost" else None


class Guard:
    """Reads who asks. A page that only polls keeps a session alive during a shift, and not otherwise."""

    def __init__(self, house: House, cookie: Cookie) -> None:
        self._house = house
        self.cookie = cookie

    def joining(self) -> bool:
        """Whether this browser came by a one-time link; ask after `signed`."""
        found = session()
        return found is not None and found.stage is Stage.JOINING

    def signed(self) -> Signed | None:
        """The member of this request; None for everybody else, and for those who have shown one factor only. Sets `g.session`."""
        g.session = None
        token = self.cookie.read(request)
        if not token or not at_staff(request.path):
            return None
        house = self._house
        now = house.clock.now()
        sessions = house.rooms.sessions
        with house.database.read() as conn:
            session = sessions.find(conn, token, now)
            if session is None:
                return None
            note = sessions.needs_note(session, now) and (not _polls() or _on_shift(conn, session.member_id, now))
        if note:
            with house.database.write() as unit:
                sessions.note_use(unit, session.id)
        g.session = session
        return Signed(session.member_id, session.roles, session.fresh) if session.stage is Stage.FULL else None

    def refusal(self, signed: Signed | None, *, stale: bool) -> Response | None:
        """What somebody hears who may not: sign in, or show a second factor (`stale`: only that is missing). None: there is nothing here."""
        if signed is not None and not stale:
            return None
        if by_script():
            answer: Response = jsonify(error="sign in" if signed is None else "second factor", at=SIGN_IN if signed is None else STEP_UP)
            answer.status_code = HTTPStatus.UNAUTHORIZED
            return answer
        back = f"?next={quote(here())}"
        return redirect(f"{STEP_UP if stale else SIGN_IN}{back}", HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def session() -> Session | None:
    """The session of this request, whatever its stage."""
    found: Session | None = g.get("session")
    return found


def by_script() -> bool:
    """Whether a script asks, which cannot follow somebody to another page."""
    dest = request.headers.get("Sec-Fetch-Dest")
    if dest is not None:
        return dest == "empty"
    return "X-Requested-With" in request.headers or request.accept_mimetypes.best == "application/json"


def forged() -> bool:
    """Whether this request changes something without our form's token, or was sent by another site."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    try:
        validate_csrf(request.headers.get("X-CSRF-Token") or request.form.get("csrf_token"))
    except ValidationError:
        return True
    return False


def here() -> str:
    """The page to come back to: this one; for a form the page at its address or at the one above, since no browser tells us where it stood."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    pages = current_app.url_map.bind("")
    above = request.path.rpartition("/")[0]
    return next((path for path in (request.path, above) if pages.test(path, "GET")), "/staff")


def safe_next(wanted: str) -> str:
    """A path under `/staff` of this site, else the desk."""
    parts = urlsplit(wanted)
    plain = not parts.scheme and not parts.netloc and "\\" not in wanted and not any(ord(letter) < 32 for letter in wanted)
    return wanted if plain and at_staff(parts.path) else "/staff"


def _on_shift(conn: Connection, member_id: str, now: datetime) -> bool:
    return any(one.member_id == member_id for one in on_duty(conn, now))


def _polls() -> bool:
    return request.method == "GET" and by_script()
