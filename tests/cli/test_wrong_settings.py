"""Whatever is set wrongly is one clear line on stderr and exit 2: no traceback, no secret, and never new keys beside an old database."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from sos.cli import supervise
from sos.cli.commands import register
from sos.cli.supervise import _configuration, _is_free
from sos.factory import House, create_app
from sos.inbox import actions as inbox
from sos.keys.keystore import Keystore, KeysUnavailable

ROOT = Path(__file__).parents[2]
SECRET = "geheim-4711"


@pytest.fixture
def calm() -> None:
    """Creating an application sets the mask of this process."""
    mask = os.umask(0o022)
    yield
    os.umask(mask)


def application(folder: Path, **environ: str) -> Flask:
    app = create_app(Settings.from_environ({"SOS_INSTANCE": str(folder / "i"), "SOS_ENV": "production", **environ}))
    register(app)
    return app


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        pytest.param({"PORT": SECRET}, "PORT", id="a port that is no number"),
        pytest.param({"SOS_ENV": SECRET}, "SOS_ENV", id="an environment that is none"),
        pytest.param({"SOS_SMS_GENERIC_URL": f"ftp://{SECRET}@x"}, "SOS_SMS_GENERIC_URL", id="a gateway's address that is none"),
        pytest.param({"SOS_SMS_NOPE_SECRET": SECRET}, "SOS_SMS_NOPE", id="a gateway that there is not"),
    ],
)
def test_what_stops_the_whole_program_is_one_line(environ: dict[str, str], named: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("flask"), "doctor"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SOS_INSTANCE": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert named in done.stderr
    assert SECRET not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"SOS_DATABASE_URL": f"nonsense {SECRET}"}, id="an address that is none"),
        pytest.param({"SOS_DATABASE_URL": f"mysql://u:{SECRET}@h/d"}, id="another database"),
        pytest.param({"SOS_DATABASE_URL": "sqlite://"}, id="a database that no other process would see"),
        pytest.param({"SOS_DATABASE_URL": f"postgresql://u:{SECRET}@127.0.0.1:1/d"}, id="a database that is away"),
        pytest.param({"SOS_DATABASE_URL": "sqlite:////dev/null/sos.db"}, id="a folder that is none"),
        pytest.param({"SOS_INSTANCE": "/dev/null/i"}, id="an instance that cannot be made"),
        pytest.param({"SOS_KEYS": "/dev/null/keys"}, id="a keystore that cannot be made"),
    ],
)
@pytest.mark.parametrize("command", [["worker"], ["bot", "chat"], ["supervise"]], ids=" ".join)
def test_commands_refuse_in_one_line(command: list[str], environ: dict[str, str], tmp_path: Path, calm: None) -> None:
    done = application(tmp_path, **environ).test_cli_runner().invoke(args=command, input="")
    assert done.exit_code == 2, done.output
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert SECRET not in done.output


@pytest.mark.parametrize("url", [f"nonsense {SECRET}", f"postgresql://u:{SECRET}@127.0.0.1:1/d"], ids=["wrong", "away"])
def test_the_doctor_examines_what_is_broken_and_goes_on(url: str, tmp_path: Path, calm: None) -> None:
    done = application(tmp_path, SOS_DATABASE_URL=url).test_cli_runner().invoke(args=["doctor", "--strict"])
    assert done.exit_code == 1
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"keys", "schema", "texts", "gateways"} & {one["check"] for one in found if one["level"] == "refuse"}
    assert SECRET not in done.output


def test_the_doctor_sees_an_older_database_beside_a_newer_anchor(tmp_path: Path, calm: None) -> None:
    app = application(tmp_path)
    house: House = app.extensions["sos"]
    house.prepare()
    (house.settings.keys / "anchors.log").write_text(f"2026-11-23T12:00:00+00:00 7 {'ab' * 32}\n")
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert any(json.loads(line)["check"] == "audit" and json.loads(line)["level"] == "refuse" for line in done.stdout.splitlines())


@pytest.mark.parametrize("damage", [b"", b"junk"], ids=["empty", "junk"])
def test_a_damaged_keystore_is_refused_and_left_as_it_is(tmp_path: Path, damage: bytes, calm: None) -> None:
    app = application(tmp_path)
    app.extensions["sos"].prepare()
    sealed = tmp_path / "i" / "keys" / "keystore.sealed"
    sealed.write_bytes(damage)
    done = application(tmp_path).test_cli_runner().invoke(args=["worker"])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert sealed.read_bytes() == damage


def test_missing_keys_beside_a_database_in_use_are_never_replaced(tmp_path: Path, calm: None) -> None:
    """A folder that is not mounted yet: with new keys everybody would count as forgotten."""
    house = House(Settings.from_environ({"SOS_INSTANCE": str(tmp_path / "i"), "SOS_ENV": "production"}))
    house.prepare()
    with house.database.write() as unit:
        inbox.accept(unit, house.keystore, provider="g", provider_id="1", sender=b"s", body=b"b")
    house.settings.keys.rename(tmp_path / "not mounted")
    again = House(house.settings)
    with pytest.raises(KeysUnavailable, match="mounted"):
        again.prepare()
    assert not house.settings.keys.exists()


def test_the_keys_of_another_database_are_refused(tmp_path: Path, calm: None) -> None:
    house = House(Settings.from_environ({"SOS_INSTANCE": str(tmp_path / "i"), "SOS_ENV": "production"}))
    house.prepare()
    with house.database.write() as unit:
        house.rooms.audit.record(unit, "x.y")
    house.settings.keys.rename(tmp_path / "hers")
    Keystore.create(house.settings.keys, now=house.clock.now())
    with pytest.raises(KeysUnavailable, match="another database"):
        House(house.settings).prepare()


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path, calm: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise.os, "execve", lambda *_: pytest.fail("started"))
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not _is_free("127.0.0.1", port)
        done = application(tmp_path, PORT=str(port)).test_cli_runner().invoke(args=["supervise"])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert str(port) in done.stderr
    assert _is_free("127.0.0.1", port)


def test_a_folder_with_blanks_and_percent_signs_is_spelt_for_supervisord(tmp_path: Path) -> None:
    from supervisor.options import ServerOptions

    folder = tmp_path / "50% of it"
    folder.mkdir()
    conf = folder / "supervisord.conf"
    conf.write_text(_configuration(folder, Settings.from_environ({"SOS_INSTANCE": str(folder)})))
    options = ServerOptions()
    options.realize(["-c", str(conf), "-n"])
    assert {str(one.directory) for group in options.process_group_configs for one in group.process_configs} == {str(folder)}
