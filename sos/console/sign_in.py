"""In and out: password, second factor, one-time links, a second factor shown again. The same answer to every wrong try, whoever it names."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask import session as form_cookie

from sos.access.permission_map import Signed
from sos.console import guard, navigation, shell
from sos.console.house import House
from sos.staff.members.actions import is_name
from sos.staff.members.errors import AliasTaken, BadMember, LinkIsOver
from sos.staff.members.queries import member
from sos.staff.sign_in import passwords
from sos.staff.sign_in.errors import LoginTaken, NotRecognised, WeakPassword
from sos.staff.sign_in.sessions import Session
from sos.staff.sign_in.states import Factor, Stage

WRONG = "That did not work. Check what you typed. After several wrong tries the next one has to wait, up to five minutes."

CALLED_SO = "Somebody here is or was called so. Take another name: transcripts name people by it."


def blueprint(house: House) -> Blueprint:
    """`/staff/sign-in`, `/staff/sign-in/second`, `/staff/sign-out`, `/staff/join`, `/staff/fresh`."""
    door = Blueprint("sign_in", __name__)
    entrance = Entrance(house)
    door.add_url_rule("/staff/sign-in", "show", entrance.show)
    door.add_url_rule("/staff/sign-in", "try_password", entrance.try_password, methods=["POST"])
    door.add_url_rule("/staff/sign-in/second", "second", entrance.second)
    door.add_url_rule("/staff/sign-in/second", "try_factor", entrance.try_factor, methods=["POST"])
    door.add_url_rule("/staff/sign-out", "out", entrance.out, methods=["POST"])
    door.add_url_rule("/staff/join/<token>", "join", entrance.join)
    door.add_url_rule("/staff/join", "take_link", entrance.take_link, methods=["POST"])
    door.add_url_rule("/staff/fresh", "again", entrance.again)
    door.add_url_rule("/staff/fresh", "try_again", entrance.try_again, methods=["POST"])
    return door


class Entrance:
    """The pages before the desk, and the one that asks again for a second factor."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._cookie = guard.Cookie(secure=house.public_url.startswith("https:"))

    def show(self, error: str = "") -> Response:
        """Name and password."""
        found = guard.session()
        if found is not None and found.stage is Stage.FULL:
            return _to(home())
        wanted = guard.safe_next(request.values.get("next", ""))
        return shell.page("sign_in/password.html", status=HTTPStatus.FORBIDDEN if error else HTTPStatus.OK, error=error, next=wanted)

    def try_password(self) -> Response:
        """Counted before it is tried; hashed outside of any transaction."""
        house, credentials = self._house, self._house.rooms.credentials
        typed = request.form.get("password", "")
        passwords.nobodys()  # made once, and not inside the transaction
        try:
            with house.database.write() as unit:
                ticket = credentials.begin(unit, request.form.get("login", ""))
            if not passwords.right(ticket.kept, typed):
                raise NotRecognised
            anew = None if passwords.stands_still(ticket.kept) else passwords.hashed(typed)
            with house.database.write() as unit:
                token = credentials.finish(unit, ticket, anew)
        except NotRecognised:
            return self.show(WRONG)
        response = _to(url_for("sign_in.second", next=guard.safe_next(request.form.get("next", ""))))
        self._cookie.keep(response, token)
        return response

    def second(self, error: str = "") -> Response:
        """The second factor after the password."""
        found = guard.session()
        if found is None or found.stage is not Stage.PASSWORD:
            return _to(guard.SIGN_IN)
        return self._ask(found, "sign_in/second.html", error)

    def try_factor(self) -> Response:
        """With the right one the browser gets a whole session under a new cookie."""
        found = guard.session()
        if found is None or found.stage is not Stage.PASSWORD:
            return _to(guard.SIGN_IN)
        if not self._accept(found):
            return self.second(WRONG)
        with self._house.database.write() as unit:
            token = self._house.rooms.sessions.complete(unit, found)
            left = self._house.rooms.factors.recovery_codes_left(unit.conn, found.member_id)
        form_cookie.clear()
        if left < 3:
            flash(f"You have {left} recovery codes left. Make new ones under My account.")
        response = _to(self._next(found))
        self._cookie.keep(response, token)
        return response

    def again(self, error: str = "") -> Response:
        """A second factor once more, before a sensitive act."""
        return self._ask(_signed(), "sign_in/fresh.html", error)

    def try_again(self) -> Response:
        """Good for five minutes."""
        found = _signed()
        if not self._accept(found):
            return self.again(WRONG)
        with self._house.database.write() as unit:
            self._house.rooms.sessions.refresh(unit, found)
        return _to(self._next(found))

    def out(self) -> Response:
        """The session ends on the server, whatever the browser keeps."""
        found = guard.session()
        if found is not None:
            with self._house.database.write() as unit:
                self._house.rooms.sessions.end(unit, found.id)
        form_cookie.clear()
        response = _to(guard.SIGN_IN)
        self._cookie.drop(response)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def join(self, token: str, error: str = "", login: str = "", name: str = "") -> Response:
        """A look at a link uses nothing up: programs that preview messages look at links too."""
        try:
            with self._house.database.write() as unit:
                _, member_id = self._house.rooms.members.bearer(unit, token)
                suggested = member(unit.conn, member_id)
        except LinkIsOver:
            return shell.page("sign_in/link_over.html", status=HTTPStatus.GONE)
        return shell.page(
            "sign_in/join.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            token=token,
            error=error,
            login=login,
            name=name or (suggested.alias if suggested is not None and is_name(suggested.alias) else ""),
            shortest=passwords.SHORTEST,
        )

    def take_link(self) -> Response:
        """Both names and the password are set; the link is used up only when a second factor stands."""
        form, rooms = request.form, self._house.rooms
        token, login, name, typed = (form.get(field, "") for field in ("token", "login", "name", "password"))
        try:
            if typed != form.get("again", ""):
                raise WeakPassword("The two passwords differ.")
            passwords.check(typed, login)
            with self._house.database.write() as unit:
                rooms.members.bearer(unit, token)
            kept = passwords.hashed(typed)
            with self._house.database.write() as unit:
                invitation_id, member_id = rooms.members.bearer(unit, token)
                rooms.members.call(unit, member_id, name)
                rooms.sessions.end_all(unit, member_id)
                rooms.credentials.set(unit, member_id, login=login, kept=kept)
                cookie = rooms.sessions.open(unit, member_id, Stage.JOINING, invitation_id=invitation_id)
        except LinkIsOver:
            return shell.page("sign_in/link_over.html", status=HTTPStatus.GONE)
        except LoginTaken:
            return self.join(token, "Somebody else signs in by this name. Take another.", login, name)
        except AliasTaken:
            return self.join(token, CALLED_SO, login, name)
        except BadMember as error:
            return self.join(token, f"Nothing was kept: {error}.", login, name)
        except WeakPassword as error:
            return self.join(token, error.why, login, name)
        response = _to(url_for("factor.show"))
        self._cookie.keep(response, cookie)
        return response

    def _ask(self, found: Session, template: str, error: str) -> Response:
        rooms, site = self._house.rooms, guard.site(self._house.public_url, request)
        options = ""
        with self._house.database.write() as unit:
            ways = rooms.factors.ways(unit.conn, found.member_id)
            if Factor.SECURITY_KEY in ways and site is not None:
                options = rooms.factors.ask_for_key(unit, found, site)
        return shell.page(
            template,
            status=HTTPStatus.FORBIDDEN if error else HTTPStatus.OK,
            ways=ways,
            options=options,
            error=error,
            next=self._next(found),
        )

    def _accept(self, found: Session) -> bool:
        site = guard.site(self._house.public_url, request)
        try:
            factor = Factor(request.form.get("factor", ""))
        except ValueError:
            return False
        with self._house.database.write() as unit:
            return self._house.rooms.factors.accept(unit, found, factor, request.form.get("proof", ""), site)

    def _next(self, found: Session) -> str:
        wanted = guard.safe_next(request.values.get("next", ""))
        return wanted if wanted != "/staff" else home(found)


def home(found: Session | None = None) -> str:
    """The first page that this member may open."""
    who = shell.caller()
    if found is not None:
        who = replace(who, member=Signed(found.member_id, found.roles))
    first = next(iter(navigation.links(who, current_app.view_functions)), None)
    return url_for(first.endpoint) if first else url_for("account.show")


def _signed() -> Session:
    found = guard.session()
    assert found is not None, "the guard lets signed-in members through only"  # noqa: S101 - a mistake of ours
    return found


def _to(path: str) -> Response:
    return redirect(path, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
