"""How fast places are found: ``python bench/places.py``. One JSON line a figure, milliseconds; plain names, sentences, and the worst of all."""

import json
import statistics
import time
from pathlib import Path

_started = time.perf_counter()
from sos.geo.gazetteer import Gazetteer  # noqa: E402 - the import is part of what is measured

LABELLED = Path(__file__).parent.parent / "tests" / "geo" / "labelled"
ROUNDS = 20
PLAIN = ["Peja", "u Peći", "Prizren", "ne Gjakove", "Novi Pazar", "u Bujanovcu", "Vranje", "Приштина", "Ferizaj", "Fushë Kosovë"]
LONG = (
    "ju lutem me ndihmoni burri me rrah cdo nate dhe une jam me dy femije te vegjel ne shtepi nuk kam ku me shku " * 14 + "jam ne Podujeve"
)


def main() -> None:
    imported = time.perf_counter()
    gazetteer = Gazetteer.load()
    loaded = time.perf_counter()
    say("import", (imported - _started) * 1000)
    say("load", (loaded - imported) * 1000)
    queries = [line.split("\t")[0] for path in sorted(LABELLED.glob("*.tsv")) for line in path.read_text(encoding="utf-8").splitlines()]
    for name, texts in (("plain", PLAIN * 20), ("labelled", queries), ("1600 characters", [LONG] * 20)):
        times = sorted(timed(gazetteer, text) for _ in range(ROUNDS) for text in texts)
        say(f"{name} p50", statistics.median(times))
        say(f"{name} p99", times[int(len(times) * 0.99)])
        say(f"{name} max", times[-1])
    points = sorted(timed_point(gazetteer, 42.0 + i / 1000, 20.2 + i / 900) for i in range(1500))
    say("point p50", statistics.median(points))
    say("point p99", points[int(len(points) * 0.99)])


def timed(gazetteer: Gazetteer, text: str) -> float:
    start = time.perf_counter()
    gazetteer.locate(text)
    return (time.perf_counter() - start) * 1000


def timed_point(gazetteer: Gazetteer, lat: float, lon: float) -> float:
    start = time.perf_counter()
    gazetteer.municipality_at(lat, lon)
    return (time.perf_counter() - start) * 1000


def say(figure: str, milliseconds: float) -> None:
    print(json.dumps({"bench": "places", "figure": figure, "ms": round(milliseconds, 4)}))


if __name__ == "__main__":
    main()
