"""Members: how they come, change and go."""

import threading

import pytest
from sqlalchemy import select

from sos.audit.actions import Audit
from sos.audit.models import AuditRow
from sos.clock import ManualClock
from sos.db.database import Database, Unit
from sos.keys.keystore import Keystore
from sos.staff.members.actions import Members, is_name
from sos.staff.members.errors import AliasTaken, BadMember, LastAdministrator, LinkIsOver, NoSuchMember
from sos.staff.members.models import InvitationRow
from sos.staff.members.queries import everyone, member, members
from sos.staff.members.states import LinkFor, Membership, Role


@pytest.fixture
def ended() -> list[str]:
    return []


@pytest.fixture
def room(keystore: Keystore, ended: list[str]) -> Members:
    def note(word: str):
        def stop(_: Unit, member_id: str) -> None:
            ended.append(word)

        return stop

    return Members(keystore, Audit(keystore.audit_key), access=(note("access"),), leaving=(note("pages"),))


def joined(database: Database, room: Members, alias: str, *roles: Role) -> str:
    with database.write() as unit:
        member_id = room.add(unit, alias, roles or (Role.OPERATOR,), ("sq",), ("XK",))
        room.join(unit, member_id)
    return member_id


def test_an_invited_member_counts_only_when_she_has_joined(database: Database, room: Members) -> None:
    with database.write() as unit:
        token = room.invite(unit, alias="Ana", roles=[Role.OPERATOR, Role.SUPERVISOR], languages=["sq", "en"], countries=["XK"])
    with database.read() as conn:
        assert members(conn) == []
    with database.write() as unit:
        invitation_id, member_id = room.bearer(unit, token)
        room.use_link(unit, invitation_id)
        room.join(unit, member_id)
    with database.read() as conn:
        (ana,) = members(conn, role=Role.SUPERVISOR)
        assert members(conn, role=Role.ANALYST) == []
    assert (ana.alias, ana.languages, ana.countries, ana.state) == ("Ana", ("sq", "en"), ("XK",), Membership.ACTIVE)


def test_members_stand_by_alias(database: Database, room: Members) -> None:
    for alias in ("dona", "Ana", "Çana", "Besa"):
        joined(database, room, alias)
    with database.read() as conn:
        assert [one.alias for one in members(conn)] == ["Ana", "Besa", "dona", "Çana"]


def test_an_invitation_needs_no_name_for_whoever_joins_chooses_it(database: Database, room: Members) -> None:
    with database.write() as unit:
        for _ in range(2):
            room.invite(unit, roles=[Role.OPERATOR])
    with database.read() as conn:
        assert not any(is_name(one.alias) for one in everyone(conn))


@pytest.mark.parametrize("alias", ["1Ana", "Ana\n<b>", "A" * 41, "@ana", "-"])
def test_what_is_no_alias_is_refused(database: Database, room: Members, alias: str) -> None:
    with pytest.raises(BadMember), database.write() as unit:
        room.invite(unit, alias=alias, roles=[Role.OPERATOR])


def test_a_member_has_at_least_one_role(database: Database, room: Members) -> None:
    with pytest.raises(BadMember), database.write() as unit:
        room.invite(unit, alias="Ana", roles=[])


def test_an_alias_is_never_given_twice_not_even_after_she_left(database: Database, room: Members) -> None:
    ana = joined(database, room, "Ana")
    with database.write() as unit:
        room.leave(unit, ana, "system")
    with pytest.raises(AliasTaken), database.write() as unit:
        room.invite(unit, alias="ANA", roles=[Role.OPERATOR])


def test_a_new_link_ends_the_one_before(database: Database, room: Members) -> None:
    with database.write() as unit:
        old = room.invite(unit, alias="Ana", roles=[Role.OPERATOR])
        _, ana = room.bearer(unit, old)
        new = room.link(unit, ana, LinkFor.JOIN, "system")
        assert room.bearer(unit, new)[1] == ana
        with pytest.raises(LinkIsOver):
            room.bearer(unit, old)


def test_only_a_hash_of_the_link_is_kept(database: Database, room: Members) -> None:
    with database.write() as unit:
        token = room.invite(unit, alias="Ana", roles=[Role.OPERATOR])
        (kept,) = unit.conn.execute(select(InvitationRow.token)).scalars()
    assert token.encode() not in bytes(kept)


def test_a_link_that_is_used_in_two_browsers_at_once_works_in_one(database: Database, room: Members) -> None:
    with database.write() as unit:
        invitation_id, _ = room.bearer(unit, room.invite(unit, alias="Ana", roles=[Role.OPERATOR]))
    ends = []

    def use() -> None:
        try:
            with database.write() as unit:
                room.use_link(unit, invitation_id)
            ends.append("in")
        except LinkIsOver:
            ends.append("over")

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["in", "over", "over", "over"]


def test_whoever_leaves_loses_everything_and_is_gone_from_lists(database: Database, room: Members, ended: list[str]) -> None:
    ana = joined(database, room, "Ana", Role.SHELTER_STAFF)
    with database.write() as unit:
        link = room.link(unit, ana, LinkFor.RESET, "system")
        room.leave(unit, ana, "system")
        with pytest.raises(LinkIsOver):
            room.bearer(unit, link)
    assert ended == ["access", "pages"]
    with database.read() as conn:
        assert members(conn) == []
        gone = member(conn, ana)
        assert [one.alias for one in everyone(conn)] == ["Ana"]
    assert gone is not None
    assert gone.state is Membership.LEFT
    with database.write() as unit:
        for act in (lambda: room.leave(unit, ana, "system"), lambda: room.link(unit, ana, LinkFor.JOIN, "system")):
            with pytest.raises(NoSuchMember):
                act()


def test_a_reset_ends_ways_in_but_not_the_membership(database: Database, room: Members, ended: list[str]) -> None:
    ana = joined(database, room, "Ana")
    with database.write() as unit:
        room.reset(unit, ana, "system")
    assert ended == ["access"]
    with database.read() as conn:
        assert [one.id for one in members(conn)] == [ana]


def test_the_last_administrator_neither_leaves_nor_loses_the_role(database: Database, room: Members) -> None:
    ana = joined(database, room, "Ana", Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator), database.write() as unit:
        room.leave(unit, ana, "system")
    with pytest.raises(LastAdministrator), database.write() as unit:
        room.change(unit, ana, roles=[Role.OPERATOR], languages=[], countries=[], service_id=None, by=ana)
    joined(database, room, "Besa", Role.ADMINISTRATOR)
    with database.write() as unit:
        room.leave(unit, ana, "system")


def test_every_change_of_a_role_is_audited_with_who_made_it(database: Database, room: Members) -> None:
    boss, ana = joined(database, room, "Boss", Role.ADMINISTRATOR), joined(database, room, "Ana")
    with database.write() as unit:
        room.change(unit, ana, roles=[Role.SUPERVISOR], languages=["sr"], countries=["RS"], service_id=None, by=boss)
    with database.read() as conn:
        rows = conn.execute(select(AuditRow.kind, AuditRow.actor).where(AuditRow.subject == ana)).all()
        found = member(conn, ana)
    assert {("member.role.got.supervisor", boss), ("member.role.lost.operator", boss)} <= {tuple(row) for row in rows}
    assert found is not None
    assert (found.roles, found.languages) == ({Role.SUPERVISOR}, ("sr",))


def test_links_last_three_days(database: Database, room: Members, clock: ManualClock) -> None:
    with database.write() as unit:
        token = room.invite(unit, alias="Ana", roles=[Role.OPERATOR])
    clock.advance(hours=72)
    with pytest.raises(LinkIsOver), database.write() as unit:
        room.bearer(unit, token)
