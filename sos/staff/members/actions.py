"""Invite, change and part from members. Every change is audited; a link's token is shown once and only its HMAC is kept."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update

from sos.audit.actions import Audit
from sos.db.database import Unit
from sos.db.statements import AlreadyMoved, move
from sos.db.types import new_id
from sos.encryption import index
from sos.keys.keystore import Keystore
from sos.staff.members.errors import AliasTaken, BadMember, LastAdministrator, LinkIsOver, NoSuchMember
from sos.staff.members.models import InvitationRow, MemberRoleRow, MemberRow
from sos.staff.members.states import MOVES, LinkFor, Membership, Role

LINK_LASTS = timedelta(hours=72)
BY_COMMAND = "system"
Ending = Callable[[Unit, str], None]
_ALIAS = re.compile(r"[^\W\d_][\w .'-]{0,38}", re.UNICODE)
_NAME = re.compile(r"[^\W\d_]{1,20}", re.UNICODE)
_NAMELESS = "invited-"
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")


class Members:
    """The writes of this room. What else ends, ends in the same transaction.

    `access`: when she is reset or leaves (sessions, password, second factors); `leaving`: when she leaves (contact methods, pages, shifts).
    """

    def __init__(self, keystore: Keystore, audit: Audit, *, access: Iterable[Ending] = (), leaving: Iterable[Ending] = ()) -> None:
        self._keystore = keystore
        self._audit = audit
        self._access = tuple(access)
        self._leaving = tuple(leaving)

    def invite(
        self,
        unit: Unit,
        *,
        alias: str = "",
        roles: Iterable[Role],
        languages: Iterable[str] = (),
        countries: Iterable[str] = (),
        service_id: str | None = None,
        by: str = BY_COMMAND,
    ) -> str:
        """Make a member who has yet to join; returns the token of her one-time link. `alias`: a suggestion, she chooses her name as she joins.

        Raises AliasTaken, BadMember.
        """
        suggested = alias.strip() or f"{_NAMELESS}{new_id()[:8]}"
        return self.link(unit, self.add(unit, suggested, roles, languages, countries, service_id, by), LinkFor.JOIN, by)

    def add(
        self,
        unit: Unit,
        alias: str,
        roles: Iterable[Role],
        languages: Iterable[str] = (),
        countries: Iterable[str] = (),
        service_id: str | None = None,
        by: str = BY_COMMAND,
    ) -> str:
        """Make a member without a link; returns her id. Raises AliasTaken, BadMember."""
        alias, roles, languages, countries = alias.strip(), set(roles), tuple(languages), tuple(countries)
        if not _ALIAS.fullmatch(alias) or not roles:
            raise BadMember("an alias starts with a letter and has at most 39 characters; a member has at least one role")
        _checked(languages, _LANGUAGE, "language")
        _checked(countries, _COUNTRY, "country")
        if unit.conn.execute(select(MemberRow.id).where(func.lower(MemberRow.alias) == alias.lower())).first():
            raise AliasTaken
        member_id = new_id()
        values = {
            "id": member_id,
            "alias": alias,
            "state": Membership.INVITED.value,
            "languages": " ".join(languages),
            "countries": " ".join(countries),
            "service_id": service_id,
            "invited_at": unit.now,
        }
        unit.conn.execute(insert(MemberRow).values(values))
        unit.conn.execute(insert(MemberRoleRow), [{"member_id": member_id, "role": role.value} for role in sorted(roles)])
        self._audit.record(unit, "member.invited", subject=member_id, actor=by)
        return member_id

    def link(self, unit: Unit, member_id: str, kind: LinkFor, by: str) -> str:
        """A one-time link for 72 hours; earlier ones of this member end. Returns its token. Raises NoSuchMember."""
        state = unit.conn.execute(select(MemberRow.state).where(MemberRow.id == member_id)).scalar()
        if state is None or state == Membership.LEFT.value:
            raise NoSuchMember
        open_still = (InvitationRow.member_id == member_id) & InvitationRow.used_at.is_(None)
        unit.conn.execute(update(InvitationRow).where(open_still).values(used_at=unit.now))
        token = secrets.token_urlsafe(24)
        values = {
            "id": new_id(),
            "member_id": member_id,
            "token": self._hashed(token),
            "kind": kind.value,
            "made_by": by,
            "made_at": unit.now,
            "until": unit.now + LINK_LASTS,
        }
        unit.conn.execute(insert(InvitationRow).values(values))
        self._audit.record(unit, f"member.link_{kind.value}", subject=member_id, actor=by)
        return token

    def bearer(self, unit: Unit, token: str) -> tuple[str, str]:
        """(invitation id, member id) of a link that is good. Raises LinkIsOver."""
        row = unit.conn.execute(
            select(InvitationRow.id, InvitationRow.member_id)
            .join(MemberRow, MemberRow.id == InvitationRow.member_id)
            .where(InvitationRow.token == self._hashed(token), InvitationRow.used_at.is_(None), InvitationRow.until > unit.now)
            .where(MemberRow.state != Membership.LEFT.value)
        ).one_or_none()
        if row is None:
            raise LinkIsOver
        return row.id, row.member_id

    def use_link(self, unit: Unit, invitation_id: str) -> None:
        """Its purpose is fulfilled. Raises LinkIsOver when it was used or has run out meanwhile."""
        good = (InvitationRow.id == invitation_id) & InvitationRow.used_at.is_(None) & (InvitationRow.until > unit.now)
        try:
            move(unit.conn, update(InvitationRow).where(good).values(used_at=unit.now))
        except AlreadyMoved:
            raise LinkIsOver from None

    def join(self, unit: Unit, member_id: str) -> None:
        """She has a password and a second factor: from now on a member. Nothing changes for one who is."""
        waiting = update(MemberRow).where(MemberRow.id == member_id, MemberRow.state == Membership.INVITED.value)
        after = MOVES.after(Membership.INVITED, "join")
        if unit.conn.execute(waiting.values(state=after.value, joined_at=unit.now)).rowcount:
            self._audit.record(unit, "member.joined", subject=member_id, actor=member_id)

    def call(self, unit: Unit, member_id: str, name: str) -> None:
        """She is called so from now on, by colleagues and by the people she writes to. Raises BadMember, AliasTaken, NoSuchMember.

        Lines written before keep the name they were written under.
        """
        name = unicodedata.normalize("NFC", name.strip())
        if not is_name(name):
            raise BadMember("a name has 1 to 20 letters and nothing else")
        others = unit.conn.execute(select(MemberRow.alias).where(MemberRow.id != member_id)).scalars()
        if name.casefold() in {alias.casefold() for alias in others}:
            raise AliasTaken
        here = update(MemberRow).where(MemberRow.id == member_id, MemberRow.state != Membership.LEFT.value)
        if not unit.conn.execute(here.values(alias=name)).rowcount:
            raise NoSuchMember
        self._audit.record(unit, "member.called", subject=member_id, actor=member_id)

    def change(
        self,
        unit: Unit,
        member_id: str,
        *,
        roles: Iterable[Role],
        languages: Iterable[str],
        countries: Iterable[str],
        service_id: str | None,
        by: str,
    ) -> None:
        """Replace roles, languages, countries and shelter. Raises NoSuchMember, BadMember, LastAdministrator."""
        roles, languages, countries = set(roles), tuple(languages), tuple(countries)
        if not roles:
            raise BadMember("a member has at least one role")
        _checked(languages, _LANGUAGE, "language")
        _checked(countries, _COUNTRY, "country")
        here = update(MemberRow).where(MemberRow.id == member_id, MemberRow.state != Membership.LEFT.value)
        values = {"languages": " ".join(languages), "countries": " ".join(countries), "service_id": service_id}
        if not unit.conn.execute(here.values(values)).rowcount:
            raise NoSuchMember
        if Role.ADMINISTRATOR not in roles:
            self._another_administrator(unit, member_id)
        had = set(unit.conn.execute(select(MemberRoleRow.role).where(MemberRoleRow.member_id == member_id)).scalars())
        unit.conn.execute(delete(MemberRoleRow).where(MemberRoleRow.member_id == member_id))
        unit.conn.execute(insert(MemberRoleRow), [{"member_id": member_id, "role": role.value} for role in sorted(roles)])
        self._audit.record(unit, "member.changed", subject=member_id, actor=by)
        for role in sorted({role.value for role in roles} ^ had):
            self._audit.record(unit, f"member.role.{'lost' if role in had else 'got'}.{role}", subject=member_id, actor=by)

    def leave(self, unit: Unit, member_id: str, by: str) -> None:
        """She is gone: sessions, links, contact methods and pages stop in this transaction. Raises NoSuchMember, LastAdministrator."""
        self._another_administrator(unit, member_id)
        here = update(MemberRow).where(MemberRow.id == member_id, MemberRow.state != Membership.LEFT.value)
        if not unit.conn.execute(here.values(state=Membership.LEFT.value, left_at=unit.now, service_id=None)).rowcount:
            raise NoSuchMember
        links = update(InvitationRow).where(InvitationRow.member_id == member_id, InvitationRow.used_at.is_(None))
        unit.conn.execute(links.values(used_at=unit.now))
        for stop in (*self._access, *self._leaving):
            stop(unit, member_id)
        self._audit.record(unit, "member.left", subject=member_id, actor=by)

    def reset(self, unit: Unit, member_id: str, by: str) -> str:
        """Her ways in are lost: they end now, and a new link is handed to her in person. Returns its token. Raises NoSuchMember."""
        token = self.link(unit, member_id, LinkFor.RESET, by)
        for stop in self._access:
            stop(unit, member_id)
        return token

    def _another_administrator(self, unit: Unit, member_id: str) -> None:
        """Raises LastAdministrator when this member is the only active one who can invite."""
        administrators = (
            select(MemberRow.id)
            .join(MemberRoleRow, MemberRoleRow.member_id == MemberRow.id)
            .where(MemberRow.state == Membership.ACTIVE.value, MemberRoleRow.role == Role.ADMINISTRATOR.value)
            .with_for_update(of=MemberRow)
        )
        if list(unit.conn.execute(administrators).scalars()) == [member_id]:
            raise LastAdministrator

    def _hashed(self, token: str) -> bytes:
        return index(self._keystore.session_key, b"staff link\x1f" + token.encode("utf-8", "replace"))


def is_name(text: str) -> bool:
    """Whether a member may be called so where people she helps read it."""
    return _NAME.fullmatch(text) is not None


def _checked(codes: Iterable[str], pattern: re.Pattern[str], what: str) -> None:
    if not all(pattern.fullmatch(code) for code in codes):
        raise BadMember(f"not a {what}")
