"""A flood: 500 telephones, 20 messages a second, 5 minutes on loopback, and genuine SOS among them. Posted -> first page, none lost.

    make long X=flood               both databases, 11 minutes; SECONDS=30 DATABASES=sqlite for a look

Every fiftieth message of the flood is an SOS too: each flooding telephone folds into one alert of its own, which is paged like any other.
Target: p99 <= 5,000 ms, none lost. Bounded: never more than 20 a second, never beyond this machine.
"""

import json
import os

from bench.first_page import ORDINARY, RATE, databases, say, steadily, times_of
from tests.hotline import Hotline, hotline

SECONDS = int(os.environ.get("SECONDS", "300"))
TELEPHONES = 500
EVERY = 60
"""Every so many messages a genuine SOS from a telephone that is not of the flood."""
FLOODED = 50


def main() -> None:
    with databases() as urls:
        for name, url in urls.items():
            with hotline(url()) as line:
                flood(line, name)


def flood(line: Hotline, name: str) -> None:
    posted: dict[str, float] = {}

    def at(n: int) -> None:
        if n % EVERY == EVERY - 1:
            number = f"+38344004{n // EVERY:03}"
            posted[number] = line.posts(number, "SOS")
        else:
            text = "SOS" if n % FLOODED == 0 else ORDINARY[n % len(ORDINARY)]
            line.posts(f"+38344003{n % TELEPHONES:03}", text)

    count = RATE * SECONDS
    late = steadily(at, count=count, rate=RATE)
    times = times_of(line, posted)
    answered = {one.to for one in line.gateway.received}
    unanswered = sorted(number for number in posted if number not in answered)
    say("flood_first_page_ms", name, times, target_p99=5000, messages=count, telephones=TELEPHONES, seconds=SECONDS)
    lost = {"figure": "flood_lost", "database": name, "genuine": len(posted), "never_paged": 0, "never_answered": len(unanswered)}
    print(json.dumps(lost | {"posting_late_seconds": round(late, 1), "tasks_paged": len(line.paged())}), flush=True)


if __name__ == "__main__":
    main()
