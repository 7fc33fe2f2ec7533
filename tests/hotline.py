"""A whole installation with an operator on duty whose telephone is paged: for faults and benches that measure how fast an SOS reaches a person."""

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest import mock

from sqlalchemy import select

from config.settings import Settings
from sos.alerts.models import AlertRow
from sos.alerts.states import Outcome
from sos.factory import House
from sos.staff.members.states import Role
from sos.survivors.address import Address, Channel
from tests.fakes.sms_gateway import FakeGateway, Received
from tests.installation import SECRET, Installation

STAFF = "+38344000188"
_TASK = re.compile(r"Task (\d+) ")


class Hotline:
    """`gateway`: behind it stand all telephones; `pages`: alert number -> when its first page arrived (monotonic seconds)."""

    def __init__(self, installation: Installation, gateway: FakeGateway, house: House) -> None:
        self.installation, self.gateway, self.house = installation, gateway, house
        self._seen = 0
        self.pages: dict[int, float] = {}
        with house.database.write() as unit:
            self.member = house.rooms.members.add(unit, "Mara", [Role.OPERATOR, Role.SUPERVISOR], ["sq", "sr"], ["XK", "RS"], None)
            house.rooms.members.join(unit, self.member)
            house.rooms.reach.stand_in(unit, self.member, STAFF)
            house.rooms.duty.start_shift(unit, self.member)

    def posts(self, number: str, text: str) -> float:
        """One message; when it was posted. Raises where the door does not accept it."""
        posted = time.monotonic()
        status = self.gateway.post_inbound(number, text)
        assert status == 200, f"the door answered {status}"
        return posted

    def wait_for_page(self, after: int, seconds: float = 30.0) -> int:
        """The number of the newest task paged, once more tasks than `after` have been."""
        assert self.gateway.wait_until(lambda _: len(self.paged()) > after, seconds), "no page came"
        return max(self.pages, key=self.pages.__getitem__)

    def paged(self) -> Mapping[int, float]:
        received = self.gateway.received
        for one in received[self._seen :]:
            self._note(one)
        self._seen = len(received)
        return self.pages

    def _note(self, one: Received) -> None:
        found = _TASK.match(one.text) if one.to == STAFF else None
        if found:
            self.pages.setdefault(int(found[1]), one.at)

    def task_of(self, number: str) -> int | None:
        """The number of the alert that this telephone raised."""
        with self.house.database.read() as conn:
            known = self.house.rooms.survivors.find(conn, Address(Channel.SMS, number))
            if known is None:
                return None
            found: int | None = conn.execute(select(AlertRow.number).where(AlertRow.survivor_id == known.id)).scalar()
            return found

    def ends(self, number: int) -> None:
        """The operator takes, reads, answers and closes it."""
        alerts = self.house.rooms.alerts
        with self.house.database.write() as unit:
            alert_id = unit.conn.execute(select(AlertRow.id).where(AlertRow.number == number)).scalar_one()
            alerts.take(unit, alert_id, self.member)
            alerts.opened(unit, alert_id, self.member)
            alerts.answered(unit, alert_id, self.member)
            alerts.close(unit, alert_id, self.member, Outcome.ADVISED, "")


@contextlib.contextmanager
def hotline(database_url: str = "", environ: Mapping[str, str] | None = None) -> Iterator[Hotline]:
    """One that runs while the block lasts. `database_url`: empty for SQLite."""
    with tempfile.TemporaryDirectory() as folder, FakeGateway(SECRET) as gateway:
        made = Installation(Path(folder) / "i", gateway_url=gateway.url, database_url=database_url, environ=dict(environ or {}))
        with made as installation:
            gateway.inbound_url = f"{installation.url}/sms/generic/inbound"
            with mock.patch.dict(os.environ, installation.environ, clear=True):
                house = House(Settings.from_environ())
            try:
                yield Hotline(installation, gateway, house)
            finally:
                house.database.dispose()
