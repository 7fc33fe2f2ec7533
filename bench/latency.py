"""A signed SMS accepted -> its reply at the gateway, one at a time on an idle installation: p50, p99 in milliseconds.

make bench X=latency            500 messages, SQLite; SOS_DATABASE_URL for PostgreSQL
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.fakes.sms_gateway import FakeGateway
from tests.installation import SECRET, Installation

TEXTS = ("hello", "1", "1", "SOS", "Peja", "me duhet avokat ne Prizren", "u Novom Pazaru", "treba mi doktor")


def main() -> None:
    count = int(os.environ.get("COUNT", "500"))
    with tempfile.TemporaryDirectory() as folder, FakeGateway(SECRET) as gateway:
        with Installation(Path(folder) / "i", gateway_url=gateway.url, database_url=os.environ.get("SOS_DATABASE_URL", "")) as installation:
            gateway.inbound_url = f"{installation.url}/sms/generic/inbound"
            times = [once(gateway, n) for n in range(count)]
    times.sort()
    figures = {
        "figure": "accepted_to_reply_ms",
        "count": count,
        "p50": round(statistics.median(times), 1),
        "p99": round(times[int(count * 0.99) - 1], 1),
    }
    json.dump(figures | {"max": round(times[-1], 1)}, sys.stdout)
    print()


def once(gateway: FakeGateway, n: int) -> float:
    number = f"+3834400{n % 60:04}"
    before = sum(one.to == number for one in gateway.received)
    phone = gateway.phone(number)
    phone.texts(TEXTS[n % len(TEXTS)])
    started = time.perf_counter()
    assert gateway.wait_until(lambda received: sum(one.to == number for one in received) > before, 10)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
