"""How long one message takes to understand: median and 99th percentile, plain words and everything labelled.

Prints one JSON line a figure. Asserts nothing: timings belong here, not in tests.
"""

import json
import time
from pathlib import Path
from statistics import median, quantiles

from sos.bot.understanding.understander import Understander

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 20


def messages() -> list[str]:
    """Every labelled sentence of the tests."""
    files = sorted((ROOT / "tests/bot/understanding/labelled").glob("*.tsv"))
    return [line.split("\t")[0] for file in files for line in file.read_text("utf-8").splitlines()[1:]]


def timed(understander: Understander, texts: list[str]) -> list[float]:
    """Milliseconds of each call, over all rounds."""
    taken = []
    for _round in range(ROUNDS):
        for text in texts:
            start = time.perf_counter()
            understander.understand(text)
            taken.append((time.perf_counter() - start) * 1000)
    return taken


def main() -> None:
    """Load, warm nothing, measure: first the cold round with unknown words, then repeats, then the raw scan."""
    start = time.perf_counter()
    understander = Understander.load(ROOT / "config" / "languages")
    loading = (time.perf_counter() - start) * 1000
    texts = messages()
    cold = []
    for text in texts:
        begun = time.perf_counter()
        understander.understand(text)
        cold.append((time.perf_counter() - begun) * 1000)
    warm = timed(understander, texts)
    scans = []
    for text in texts:
        begun = time.perf_counter()
        understander.sos_words(text)
        scans.append((time.perf_counter() - begun) * 1000)
    flood = "po me rreh burri " * 600
    begun = time.perf_counter()
    understander.understand(flood)
    flooded = (time.perf_counter() - begun) * 1000
    for name, values in (("cold", cold), ("understand", warm), ("sos_words", scans)):
        figures = {"bench": "understanding", "what": name, "n": len(values), "p50_ms": round(median(values), 4)}
        print(json.dumps(figures | {"p99_ms": round(quantiles(values, n=100)[98], 4), "max_ms": round(max(values), 3)}))
    print(json.dumps({"bench": "understanding", "what": "load_ms", "value": round(loading, 1)}))
    print(json.dumps({"bench": "understanding", "what": "10,000 characters, ms", "value": round(flooded, 2)}))


if __name__ == "__main__":
    main()
