"""``flask geo locate``: places from lines of text, for tests and for operators who check a spelling. Also ``python -m sos.cli.locate``.

One JSON line out for each line in, blank ones too. Must never write a line to a log or a file, nor need a database or the network.
"""

import json
import sys
from collections.abc import Iterator
from typing import BinaryIO

import click

from sos.geo.gazetteer import Gazetteer
from sos.geo.places import Located


@click.group("geo")
def geo() -> None:
    """Places, offline."""


@geo.command("locate")
@click.option("--country", type=click.Choice(["XK", "RS"]), help="Choose between places of one name by country.")
@click.option("--municipality", metavar="ID", help="Choose between places of one name by municipality, such as xk-peje.")
def locate(country: str | None, municipality: str | None) -> None:
    """Read lines from standard input; write what place each one means as JSON lines."""
    gazetteer = Gazetteer.load()
    if municipality is not None and gazetteer.municipality(municipality) is None:
        raise click.BadParameter("no municipality has this id", param_hint="--municipality")
    out = sys.stdout.buffer
    for text in _lines(sys.stdin.buffer):
        located = gazetteer.locate(text, country=country, municipality=municipality)
        out.write(_one_line(as_json(located)).encode("utf-8", "replace") + b"\n")
        out.flush()


def as_json(located: Located) -> dict[str, object]:
    """The answer in the shape that callers rely on: ``query``, ``place``, ``candidates``, ``confidence``."""
    return {
        "query": located.query,
        "place": located.place.as_json() if located.place else None,
        "candidates": [place.as_json() for place in located.candidates],
        "confidence": located.confidence,
    }


def _one_line(answer: dict[str, object]) -> str:
    """JSON without any character that some reader takes for the end of a line."""
    text = json.dumps(answer, ensure_ascii=False)
    for separator in ("\x85", "\u2028", "\u2029"):
        text = text.replace(separator, f"\\u{ord(separator):04x}")
    return text


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines by newline only, so that no rare separator inside a text makes two of one; undecodable bytes become U+FFFD."""
    for line in stream:
        yield line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace").removeprefix("\ufeff")


if __name__ == "__main__":
    sys.exit(locate())
