"""A member of the staff with a real session, as the sign-in page makes it, for tests of the pages behind it."""

from collections.abc import Iterable

from flask import Flask
from flask.testing import FlaskClient

from sos.console.guard import Cookie
from sos.factory import House
from sos.rooms import Rooms
from sos.staff.members.states import Role
from sos.staff.sign_in.states import Stage


def add_member(
    rooms: Rooms,
    *,
    alias: str,
    roles: Iterable[Role] = (Role.OPERATOR,),
    languages: Iterable[str] = ("sq", "sr", "en"),
    countries: Iterable[str] = ("XK", "RS"),
    service_id: str | None = None,
) -> str:
    """An active member; returns her id."""
    with rooms.database.write() as unit:
        member_id = rooms.members.add(unit, alias, roles, languages, countries, service_id)
        rooms.members.join(unit, member_id)
    return member_id


def sign_in(app: Flask, member_id: str, *, fresh: bool = False) -> FlaskClient:
    """A browser that is signed in as this member; every form it posts carries a good token by itself."""
    house: House = app.extensions["sos"]
    with house.database.write() as unit:
        token = house.rooms.sessions.open(unit, member_id, Stage.FULL, fresh=fresh)
    client = app.test_client()
    cookie = Cookie(secure=house.settings.public_url.startswith("https:"))
    client.set_cookie(cookie.name, token, path="/staff", domain="localhost", httponly=True, samesite="Strict", secure=cookie.secure)
    client.environ_base["HTTP_X_CSRF_TOKEN"] = form_token(app, client)
    return client


def form_token(app: Flask, client: FlaskClient) -> str:
    """A token as the page's forms carry it; leaves its cookie in this browser."""
    from flask import session
    from flask_wtf.csrf import generate_csrf

    with app.test_request_context("/staff/") as context:
        token = str(generate_csrf())
        response = app.response_class()
        app.session_interface.save_session(app, context.session, response)
        assert session
    for line in response.headers.getlist("Set-Cookie"):
        name, _, rest = line.partition("=")
        client.set_cookie(name, rest.partition(";")[0], path="/staff", domain="localhost")
    return token
