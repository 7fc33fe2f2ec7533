"""The doctor names what the watch lacks, and the chain's page tells which part is old."""

from pathlib import Path

import pytest

from config.settings import Settings
from sos.cli import doctor
from sos.cli.doctor import Level
from sos.deadlines import heartbeats
from sos.factory import House, create_app
from sos.staff.members.states import Role
from tests.console.signed_in import add_member

WHOM = {"SOS_WATCHDOG_TO": "+38344000177", "SOS_WATCHDOG_PING_URL": "https://ping.example/x"}
GENERIC = {"SOS_SMS_GENERIC_SECRET": "s", "SOS_SMS_GENERIC_URL": "http://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("environ", "level", "said"),
    [
        pytest.param({}, Level.REFUSE, "nobody is told", id="nobody to tell"),
        pytest.param({"SOS_WATCHDOG_TO": "x"}, Level.REFUSE, "must list numbers", id="no way"),
        pytest.param({"SOS_WATCHDOG_TO": "44"}, Level.REFUSE, "no SOS_TELEGRAM_TOKEN", id="a chat without a bot"),
        pytest.param({"SOS_WATCHDOG_TO": "+38344000177"}, Level.WARN, "this machine is dead", id="no dead-man address"),
        pytest.param({**WHOM, **GENERIC}, Level.WARN, "generic has no heartbeat", id="a gateway that nobody hears"),
        pytest.param({**WHOM, **GENERIC, "SOS_SMS_GENERIC_LOOPBACK": "me"}, Level.REFUSE, "is no telephone number", id="no number"),
        pytest.param({**WHOM, **GENERIC, "SOS_SMS_GENERIC_LOOPBACK": "+38344000199"}, None, "", id="the control: nothing is missing"),
    ],
)
def test_what_the_watch_lacks_is_named(tmp_path: Path, environ: dict[str, str], level: Level | None, said: str) -> None:
    found = House(Settings.from_environ({"SOS_INSTANCE": str(tmp_path), **environ}))
    findings = [(one.level, one.what) for one in doctor._watchdog(found, Level.REFUSE)]
    if level is None:
        assert findings == []
        return
    assert [one for one in findings if one[0] is level and said in one[1]], findings


def test_fewer_than_two_who_can_open_a_case_are_refused(tmp_path: Path) -> None:
    found = create_app(Settings.from_environ({"SOS_INSTANCE": str(tmp_path)})).extensions["sos"]
    found.prepare()

    def refused() -> bool:
        return any(one.level is Level.REFUSE and "can answer an alert" in one.what for one in doctor._staff(found, Level.REFUSE))

    for alias, role, too_few in (("Vera", Role.ADMINISTRATOR, True), ("Ana", Role.OPERATOR, True), ("Mira", Role.SUPERVISOR, False)):
        add_member(found.rooms, alias=alias, roles=(role,))
        assert refused() is too_few, alias


def test_the_chain_is_whole_only_while_worker_watchdog_and_gateways_are_young(tmp_path: Path) -> None:
    app = create_app(Settings.from_environ({"SOS_INSTANCE": str(tmp_path)}))
    page, found = app.test_client(), app.extensions["sos"]
    found.prepare()
    assert page.get("/health/chain").json["late"] == ["worker"]
    with found.database.write() as unit:
        for name in ("worker:w", "watchdog:h", "asked:kannel", "warning:smsgate:battery_low"):
            heartbeats.beat(unit, name)
    assert page.get("/health/chain").json["late"] == ["gateway kannel"]
    with found.database.write() as unit:
        heartbeats.beat(unit, "gateway:kannel")
    answer = page.get("/health/chain")
    assert (answer.status_code, answer.json["warnings"]) == (200, ["smsgate:battery_low"])
    assert set(answer.json["seconds"]) == {"worker", "watchdog", "inbox", "sos", "page", "deadline", "untaken", "gateway kannel"}
    assert b"sos_lag_seconds" in page.get("/metrics").data
    elsewhere = page.get("/health/chain", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert (elsewhere.status_code, elsewhere.json) == (200, {"status": "ok"}), (
        "an age would tell who waits that somebody has just cried for help"
    )
