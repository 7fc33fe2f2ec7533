"""Links from the machine itself: the first administrator's at every start until somebody has joined, then none."""

from pathlib import Path

import pytest

from config.settings import Settings
from sos.cli.members import first_link
from sos.clock import ManualClock
from sos.factory import House
from sos.keys.keystore import Keystore
from sos.staff.members.actions import is_name
from sos.staff.members.errors import LinkIsOver
from sos.staff.members.queries import everyone
from sos.staff.members.states import Role


def house(folder: Path, database_url: str, clock: ManualClock, env: str) -> House:
    Keystore.create(folder / "keys", now=clock.now())
    return House(Settings.from_environ({"SOS_INSTANCE": str(folder), "SOS_DATABASE_URL": database_url, "SOS_ENV": env}), clock)


def token(link: str | None) -> str:
    assert link is not None
    return link.rpartition("/")[2]


@pytest.mark.parametrize(
    ("env", "roles"),
    [
        pytest.param("production", {Role.ADMINISTRATOR}, id="in production who lets others in reads no case"),
        pytest.param("demo", {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.OPERATOR}, id="in a demonstration the first one sees all"),
    ],
)
def test_the_first_link_is_new_at_each_start_until_somebody_joined(
    tmp_path: Path, database_url: str, clock: ManualClock, env: str, roles: set[Role]
) -> None:
    here = house(tmp_path, database_url, clock, env)
    first, second = token(first_link(here)), token(first_link(here))
    with here.database.write() as unit:
        with pytest.raises(LinkIsOver):
            here.rooms.members.bearer(unit, first)
        _, member_id = here.rooms.members.bearer(unit, second)
        assert [one.roles for one in everyone(unit.conn)] == [roles], "one member, however often it was started"
        assert not is_name(everyone(unit.conn)[0].alias), "what stands there until she joins is no name that people could read"
        here.rooms.members.join(unit, member_id)
    assert first_link(here) is None
    here.database.dispose()
