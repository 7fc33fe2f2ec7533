"""Members for administrators: invite, change roles, reset lost ways in, part. A link shows once and is handed over in person; nothing is mailed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypedDict

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import Connection

from sos.console import shell
from sos.console.house import House
from sos.db.database import Unit
from sos.directory import queries as directory
from sos.staff.members.errors import AliasTaken, BadMember, LastAdministrator, NoSuchMember
from sos.staff.members.queries import everyone, member
from sos.staff.members.states import LinkFor, Membership, Role

LANGUAGES = {"sq": "Albanian", "sr": "Serbian", "bs": "Bosnian", "tr": "Turkish", "rom": "Romani", "en": "English"}
COUNTRIES = {"XK": "Kosovo", "RS": "Serbia"}


def blueprint(house: House) -> Blueprint:
    """`/staff/members`, `/staff/members/<id>` and its acts."""
    door = Blueprint("members", __name__)
    desk = Desk(house)
    door.add_url_rule("/staff/members", "show", desk.show)
    door.add_url_rule("/staff/members", "invite", desk.invite, methods=["POST"])
    door.add_url_rule("/staff/members/<member_id>", "one", desk.one)
    door.add_url_rule("/staff/members/<member_id>", "change", desk.change, methods=["POST"])
    door.add_url_rule("/staff/members/<member_id>/link", "link", desk.link, methods=["POST"])
    door.add_url_rule("/staff/members/<member_id>/reset", "reset", desk.reset, methods=["POST"])
    door.add_url_rule("/staff/members/<member_id>/leave", "leave", desk.leave, methods=["POST"])
    return door


class Asked(TypedDict):
    """What a form of members asks for."""

    roles: list[Role]
    languages: list[str]
    countries: list[str]
    service_id: str | None


class Desk:
    """What an administrator does."""

    def __init__(self, house: House) -> None:
        self._house = house

    def show(self, error: str = "") -> Response:
        """Everybody, and the form of an invitation."""
        with self._house.database.read() as conn:
            found, shelters = everyone(conn), self._shelters(conn, None)
        return shell.page(
            "members/list.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            members=found,
            error=error,
            shelters=shelters,
            **_choices(),
        )

    def one(self, member_id: str, error: str = "") -> Response:
        """One member and what can be done."""
        with self._house.database.read() as conn:
            found = member(conn, member_id) or abort(HTTPStatus.NOT_FOUND)
            shelters = self._shelters(conn, found.service_id)
        return shell.page(
            "members/one.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            member=found,
            left=found.state is Membership.LEFT,
            invited=found.state is Membership.INVITED,
            error=error,
            shelters=shelters,
            **_choices(),
        )

    def invite(self) -> Response:
        """Shows the one-time link, this once."""
        form, me = request.form, shell.me().id
        try:
            with self._house.database.write() as unit:
                token = self._house.rooms.members.invite(unit, alias=form.get("alias", ""), **self._asked(unit.conn, None), by=me)
        except AliasTaken:
            return self.show("Somebody has or had this alias. Take another: transcripts name people by it.")
        except BadMember as error:
            return self.show(f"Nobody was invited: {error}.")
        return self._shown(form.get("alias", ""), token)

    def change(self, member_id: str) -> Response:
        """Roles, languages, countries, shelter."""

        def act(unit: Unit) -> None:
            now = member(unit.conn, member_id) or abort(HTTPStatus.NOT_FOUND)
            self._house.rooms.members.change(unit, member_id, **self._asked(unit.conn, now.service_id), by=shell.me().id)

        return self._do(member_id, act, "Changed.")

    def link(self, member_id: str) -> Response:
        """A new link for somebody who has not joined yet; the one before is over."""
        return self._hand_over(member_id, lambda unit: self._house.rooms.members.link(unit, member_id, LinkFor.JOIN, shell.me().id))

    def reset(self, member_id: str) -> Response:
        """Her sessions, password and factors end now; the new link is handed to her in person."""
        return self._hand_over(member_id, lambda unit: self._house.rooms.members.reset(unit, member_id, shell.me().id))

    def leave(self, member_id: str) -> Response:
        """Everything of hers stops."""
        return self._do(
            member_id, lambda unit: self._house.rooms.members.leave(unit, member_id, shell.me().id), "She is no longer a member."
        )

    def _hand_over(self, member_id: str, make: Callable[[Unit], str]) -> Response:
        try:
            with self._house.database.write() as unit:
                found = member(unit.conn, member_id) or abort(HTTPStatus.NOT_FOUND)
                token = make(unit)
        except NoSuchMember:
            return self.one(member_id, "Nothing was changed: this member has left.")
        return self._shown(found.alias, token)

    def _do(self, member_id: str, act: Callable[[Unit], None], said: str) -> Response:
        try:
            with self._house.database.write() as unit:
                act(unit)
        except NoSuchMember:
            abort(HTTPStatus.NOT_FOUND)
        except LastAdministrator:
            return self.one(member_id, "Nothing was changed: nobody would be left who can invite. Make another administrator first.")
        except BadMember as error:
            return self.one(member_id, f"Nothing was changed: {error}.")
        flash(said)
        return redirect(url_for("members.one", member_id=member_id), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]

    def _shown(self, alias: str, token: str) -> Response:
        address = self._house.public_url + url_for("sign_in.join", token=token)
        return shell.page("members/link.html", alias=alias, address=address)

    def _shelters(self, conn: Connection, stands: str | None) -> dict[str, str]:
        """Id -> the name that operators see, of every place to stay, by name; no place. `stands`: is offered even where it is not listed any more."""
        rooms = self._house.rooms
        kinds = {slug for slug, kind in rooms.categories.by_slug.items() if kind.stays or kind.confidential}
        cards = [(card.id, card.name) for card in rooms.cards.all(conn)]
        public = [(one.id, one.name) for one in directory.services(conn) if one.category in kinds]
        found = dict(sorted({*cards, *public}, key=lambda one: (one[1].casefold(), one[0])))
        return found if stands is None or stands in found else {stands: "a shelter that is not listed any more"} | found

    def _asked(self, conn: Connection, stands: str | None) -> Asked:
        """What the form asks for; a role that does not exist counts as none. Raises BadMember for a shelter that does not."""
        form = request.form
        shelter = form.get("service_id", "") or None
        if shelter is not None and shelter not in self._shelters(conn, stands):
            raise BadMember("there is no such shelter")
        return {
            "roles": [role for role in Role if role.value in form.getlist("role")],
            "languages": [code for code in LANGUAGES if code in form.getlist("language")],
            "countries": [code for code in COUNTRIES if code in form.getlist("country")],
            "service_id": shelter,
        }


def _choices() -> dict[str, object]:
    return {"all_roles": tuple(Role), "all_languages": LANGUAGES, "all_countries": COUNTRIES}
