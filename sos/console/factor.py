"""Set up a second factor and recovery codes: for newcomers by their link, for members who have just shown a factor. Secrets show once."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask import session as form_cookie
from markupsafe import Markup

from sos.console import guard, shell
from sos.console.house import House
from sos.console.sign_in import WRONG
from sos.staff.members.errors import LinkIsOver
from sos.staff.sign_in.errors import NothingSetUp
from sos.staff.sign_in.sessions import Session
from sos.staff.sign_in.states import Factor, Stage


def blueprint(house: House) -> Blueprint:
    """`/staff/factor`, `/staff/factor/app`, `/staff/factor/key`, `/staff/factor/codes`."""
    door = Blueprint("factor", __name__)
    setting_up = SettingUp(house)
    door.add_url_rule("/staff/factor", "show", setting_up.show)
    door.add_url_rule("/staff/factor/app", "app", setting_up.app, methods=["POST"])
    door.add_url_rule("/staff/factor/key", "key", setting_up.key, methods=["POST"])
    door.add_url_rule("/staff/factor/key/remove", "remove_key", setting_up.remove_key, methods=["POST"])
    door.add_url_rule("/staff/factor/codes", "codes", setting_up.codes)
    door.add_url_rule("/staff/factor/codes", "make_codes", setting_up.make_codes, methods=["POST"])
    return door


class SettingUp:
    """The pages on which a second factor comes to be."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._cookie = guard.Cookie(secure=house.public_url.startswith("https:"))

    def show(self, error: str = "") -> Response:
        """Both ways on one page: an app by QR code, or a key."""
        rooms, found = self._house.rooms, _session()
        site = guard.site(self._house.public_url, request)
        with self._house.database.write() as unit:
            secret = rooms.enrolment.app_secret(unit, found)
            options = rooms.enrolment.ask_for_new_key(unit, found, site) if site else ""
            has_app = Factor.TOTP in rooms.factors.ways(unit.conn, found.member_id)
        return shell.page(
            "sign_in/factor.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            drawing=Markup(rooms.app_codes.drawing(secret, found.alias)),  # noqa: S704 - drawn here, from our own secret
            secret=rooms.app_codes.get_totp_pretty_key(secret),
            options=options,
            has_app=has_app,
            joining=found.stage is Stage.JOINING,
            error=error,
        )

    def app(self) -> Response:
        """The app's first code proves that it was set up right."""
        found = _session()
        with self._house.database.write() as unit:
            right = self._house.rooms.enrolment.confirm_app(unit, found, request.form.get("code", ""))
        return self._after(found, "The authenticator app is set up.") if right else self.show(WRONG)

    def key(self) -> Response:
        """A new security key."""
        found, site = _session(), guard.site(self._house.public_url, request)
        if site is None:
            return self.show(WRONG)
        with self._house.database.write() as unit:
            right = self._house.rooms.enrolment.add_key(unit, found, site, request.form.get("proof", ""), request.form.get("label", ""))
        return self._after(found, "The key is set up.") if right else self.show(WRONG)

    def remove_key(self) -> Response:
        """Never the last way in."""
        with self._house.database.write() as unit:
            removed = self._house.rooms.enrolment.remove_key(unit, _session(), request.form.get("key", ""))
        flash("The key no longer opens anything." if removed else "This is your only second factor. Set up another one first.")
        return _to(url_for("account.show"))

    def codes(self) -> Response:
        """Says what recovery codes are; a button makes them."""
        return shell.page("sign_in/make_codes.html", joining=_session().stage is Stage.JOINING)

    def make_codes(self) -> Response:
        """Shows new codes, this once; for a newcomer it is also the end of her link."""
        found, enrolment = _session(), self._house.rooms.enrolment
        cookie = ""
        try:
            with self._house.database.write() as unit:
                if found.stage is Stage.JOINING:
                    cookie, codes = enrolment.finish(unit, found)
                else:
                    codes = enrolment.new_recovery_codes(unit, found)
        except NothingSetUp:
            return _to(url_for("factor.show"))
        except LinkIsOver:
            return shell.page("sign_in/link_over.html", status=HTTPStatus.GONE)
        if cookie:
            form_cookie.clear()
        response = shell.page("sign_in/codes.html", codes=codes)
        if cookie:
            self._cookie.keep(response, cookie)
        return response

    def _after(self, found: Session, said: str) -> Response:
        if found.stage is Stage.JOINING:
            return _to(url_for("factor.codes"))
        flash(said)
        return _to(url_for("account.show"))


def _session() -> Session:
    return guard.session() or abort(HTTPStatus.UNAUTHORIZED)


def _to(path: str) -> Response:
    return redirect(path, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
