"""An SOS posted to the webhook -> its first page at the gateway, in milliseconds: idle, and under 20 ordinary messages a second.

    make bench X=first_page         both databases; COUNT=200 one at a time, then SECONDS=60 under load with one SOS a second

The time before the post counts, so that the figure is no better than "accepted -> paged". Targets: idle p99 <= 1,000; under load p99 <= 5,000.
"""

import contextlib
import json
import os
import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.conftest import PostgresServer
from tests.hotline import Hotline, hotline

COUNT = int(os.environ.get("COUNT", "200"))
SECONDS = int(os.environ.get("SECONDS", "60"))
RATE = 20
ORDINARY = ("hello", "1", "1", "0", "Peja", "me duhet avokat ne Prizren", "u Novom Pazaru", "treba mi doktor")


def main() -> None:
    with databases() as urls:
        for name, url in urls.items():
            with hotline(url()) as line:
                say("first_page_idle_ms", name, idle(line), target_p99=1000)
            with hotline(url()) as line:
                say("first_page_under_load_ms", name, under_load(line), target_p99=5000, ordinary_per_second=RATE)


def idle(line: Hotline) -> list[float]:
    """One SOS after the other, each from a telephone of its own, each closed before the next."""
    times = []
    for n in range(COUNT):
        before = len(line.paged())
        posted = line.posts(f"+38344001{n:03}", "SOS")
        number = line.wait_for_page(before)
        times.append((line.pages[number] - posted) * 1000)
        line.ends(number)
    return times


def under_load(line: Hotline) -> list[float]:
    """One SOS a second between ordinary messages from 500 telephones."""
    posted: dict[str, float] = {}

    def at(n: int) -> None:
        if n % RATE == 0:
            number = f"+38344002{n // RATE:03}"
            posted[number] = line.posts(number, "SOS")
        else:
            line.posts(f"+38344003{n % 500:03}", ORDINARY[n % len(ORDINARY)])

    steadily(at, count=RATE * SECONDS, rate=RATE)
    return times_of(line, posted)


def times_of(line: Hotline, posted: dict[str, float], *, patience: float = 60.0) -> list[float]:
    """Milliseconds to the first page of each; whoever was never paged fails the run."""
    line.gateway.wait_until(lambda _: len(line.paged()) >= len(posted), patience)
    tasks = {number: line.task_of(number) for number in posted}
    lost = [number for number, task in tasks.items() if task not in line.paged()]
    assert not lost, f"{len(lost)} of {len(posted)} SOS were never paged"
    return [(line.pages[task] - posted[number]) * 1000 for number, task in tasks.items() if task is not None]


def steadily(act: object, *, count: int, rate: float, hands: int = 16) -> float:
    """Call `act(n)` at fixed times by several hands, so that a slow answer does not slow the flood. The lateness of the last call in seconds."""
    began, turn, lock, failures = time.monotonic(), iter(range(count)), threading.Lock(), []

    def work() -> None:
        while not failures:
            with lock:
                n = next(turn, None)
            if n is None:
                return
            time.sleep(max(0.0, began + n / rate - time.monotonic()))
            try:
                act(n)
            except Exception as error:  # noqa: BLE001 - the run ends, and says why
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.monotonic() - began - count / rate


def say(figure: str, database: str, times: Sequence[float], **more: object) -> None:
    ordered = sorted(times)
    line = {
        "figure": figure,
        "database": database,
        "count": len(ordered),
        "p50": round(statistics.median(ordered), 1),
        "p99": round(ordered[max(0, int(len(ordered) * 0.99) - 1)], 1),
        "max": round(ordered[-1], 1),
        **more,
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(line), flush=True)


@contextlib.contextmanager
def databases() -> Iterator[dict[str, Callable[[], str]]]:
    """Name -> the address of a new one each time; DATABASES=sqlite or postgresql for one of them."""
    wanted = os.environ.get("DATABASES", "sqlite,postgresql").split(",")
    if "postgresql" not in wanted:
        yield {"sqlite": str}
        return
    folder = Path(tempfile.mkdtemp(prefix="sos-pg-"))
    folder.chmod(0o755)
    server = PostgresServer(folder)
    server.start()
    try:
        made: dict[str, Callable[[], str]] = {"sqlite": str, "postgresql": lambda: _new(server.uri)}
        yield {name: made[name] for name in wanted}
    finally:
        server.stop()


def _new(server: str) -> str:
    name = f"b_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
