"""The frame of every staff page: who asks, the form token, navigation, and the banner of an SOS that nobody has taken.

Shows no word of a survivor by itself. Nothing comes from elsewhere: one style sheet, small scripts, all from `static/`.
"""

from pathlib import Path
from typing import Any, Final, cast

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from sos.access.permission_map import Caller, Signed
from sos.console import navigation, times, words
from sos.console.house import House
from sos.console.strip import DESK_ROLES, NOTHING, Strip, strip
from sos.watch.chain import Part, state_of_chain

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_TOLD_OF_THE_CHAIN: Final = DESK_ROLES | {"administrator"}
_FILES: Final = Path(__file__).with_name("static")


def me() -> Signed:
    """Who is signed in and made this request. The guard has let nobody else through."""
    member = caller().member
    if member is None:
        abort(401)
    return member


def caller() -> Caller:
    """Who asks, as the guard saw it."""
    return cast("Caller", g.caller)


def house() -> House:
    """This process."""
    return cast("House", current_app.extensions["sos"])


def csrf() -> Markup:
    """The hidden field that every form that changes something carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """`templates/staff/<template>` in its frame. Templates have `csrf()`, `me`, `now`, `ago(moment)`, `moment(at)`."""
    html = render_template(f"staff/{template}", **{**_frame(), **values})  # a page's own value wins: the frame is never in its way
    return make_response(html, status)


def fragment(template: str, **values: Any) -> str:
    """A part of a page, without the frame, for a script that puts it in its place."""
    now = house().clock.now()
    return render_template(
        f"staff/{template}", csrf=csrf, now=now, ago=lambda at: times.ago(at, now), moment=lambda at: times.moment(at, now), **values
    )


def _frame() -> dict[str, Any]:
    now = house().clock.now()
    who = caller()
    return {
        "csrf": csrf,
        "csrf_token": generate_csrf,
        "me": who.member,
        "now": now,
        "ago": lambda at: times.ago(at, now),
        "moment": lambda at: times.moment(at, now),
        "links": tuple(navigation.links(who, current_app.view_functions)),
        "here": request.endpoint or "",
        "strip": _strip(),
        "calls": words.CALLS,
        "chain": _chain(),
    }


def _strip() -> Strip:
    """Never in the way of a page: where it cannot be read, the page says nothing of it, and its script tells that the line is lost."""
    try:
        with house().database.read() as conn:
            return strip(conn, caller().member, house().clock.now())
    except SQLAlchemyError:
        return NOTHING


def _chain() -> tuple[str, ...]:
    """What of the chain is late, and what warns, in words, for who answers or runs it; never in the way of a page."""
    member = caller().member
    if member is None or not member.roles & _TOLD_OF_THE_CHAIN:
        return ()
    try:
        with house().database.read() as conn:
            found = state_of_chain(conn, house().clock.now())
    except SQLAlchemyError:
        return ()
    broken = [link for link in found.late if link.part is not Part.UNTAKEN]  # the strip tells of it whom it exists for
    late = [words.of(words.CHAIN, link.part.value) + (f" ({link.name})" if link.name else "") for link in broken]
    return (*late, *(f"a gateway warns: {one.replace(':', ' ').replace('_', ' ')}" for one in found.warnings))


def dress(response: Response) -> Response:
    """The headers of every staff answer."""
    at_staff = request.path == "/staff" or request.path.startswith("/staff/")
    return dressed(response) if at_staff else response


def dressed(response: Response) -> Response:
    """The same headers, for a page of ours that stands elsewhere."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def blueprint(_: House) -> Blueprint:
    """`/staff/static/<name>`, and the headers of everything under `/staff`."""
    door = Blueprint("staff", __name__, template_folder="templates")
    names = {path.name for path in _FILES.iterdir() if path.suffix in _TYPES}

    @door.get("/staff/static/<name>")
    def file(name: str) -> Response:
        if name not in names:
            abort(404)
        path = _FILES / name
        response = Response(path.read_bytes(), content_type=_TYPES[path.suffix])
        response.headers["Cache-Control"] = "private, max-age=60"
        return response

    door.after_app_request(dress)
    return door
