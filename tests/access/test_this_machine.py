"""What is for this machine only is shown to nobody who comes through a proxy or under a name that was bound to it."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config.settings import Settings
from sos.factory import create_app

FOR_THIS_MACHINE = ["/metrics", "/phone"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    mask, limits = os.umask(0o022), resource.getrlimit(resource.RLIMIT_CORE)
    made = create_app(Settings.from_environ({"SOS_INSTANCE": str(tmp_path)}))
    made.extensions["sos"].prepare()
    yield made
    os.umask(mask)
    resource.setrlimit(resource.RLIMIT_CORE, limits)


@pytest.mark.parametrize("path", FOR_THIS_MACHINE)
@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_over_loopback_it_is_shown(app: Flask, path: str, host: str) -> None:
    assert app.test_client().get(path, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", FOR_THIS_MACHINE)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Forwarded-For": "192.0.2.1"}, id="a proxy that says for whom"),
        pytest.param({"X-Forwarded-For": "127.0.0.1"}, id="a proxy that says for this machine"),
        pytest.param({"Forwarded": "for=192.0.2.1"}, id="a proxy in the standard's words"),
        pytest.param({"X-Real-IP": "192.0.2.1"}, id="a proxy in its own words"),
        pytest.param({"Via": "1.1 x"}, id="a proxy that says only that it is one"),
        pytest.param({"Host": "sos.example.org"}, id="the public name"),
        pytest.param({"Host": "127.0.0.1.example.org"}, id="a name that was bound to this machine"),
    ],
)
def test_through_a_proxy_or_another_name_it_is_not(app: Flask, path: str, headers: dict[str, str]) -> None:
    assert app.test_client().get(path, headers=headers).status_code == 404


@pytest.mark.parametrize("path", FOR_THIS_MACHINE)
def test_from_another_machine_it_is_not(app: Flask, path: str) -> None:
    assert app.test_client().get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404


def test_there_is_no_demonstration_phone_in_production(tmp_path: Path, app: Flask) -> None:
    made = create_app(Settings.from_environ({"SOS_INSTANCE": str(tmp_path / "p"), "SOS_ENV": "production"}))
    assert {made.test_client().get("/phone").status_code, made.test_client().post("/phone/write").status_code} == {404}


def test_what_is_written_is_for_the_owner_only_and_memory_never_reaches_a_file(app: Flask, tmp_path: Path) -> None:
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) > 3
    assert [file.name for file in files if file.stat().st_mode & 0o077] == []
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
