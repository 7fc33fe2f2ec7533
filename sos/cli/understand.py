"""`flask bot understand`: a message a line in, its meaning a JSON line out. Loads no database, keeps nothing.

Bytes that are no UTF-8 are replaced, never refused: one line out for each line in, blank ones too.
"""

import json
import sys
from pathlib import Path
from typing import Final

import click

from sos.bot.understanding.intents import Understanding
from sos.bot.understanding.understander import Understander

LANGUAGES: Final = Path(__file__).resolve().parents[2] / "config" / "languages"


def as_json(understanding: Understanding) -> str:
    """The line others read, exactly these five fields."""
    return json.dumps(
        {
            "text": understanding.text,
            "intent": understanding.intent.value,
            "category": understanding.category,
            "language": understanding.language,
            "confidence": understanding.confidence,
        },
        ensure_ascii=False,
    )


@click.command("understand")
def understand() -> None:
    """Read messages from standard input, one a line, and print what each means as JSON."""
    understander = Understander.load(LANGUAGES)
    for problem in understander.problems:
        click.echo(f"{problem.code}: {problem.what}", err=True)
    out = sys.stdout.buffer
    for raw in sys.stdin.buffer:
        text = raw.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        out.write(as_json(understander.understand(text)).encode("utf-8", "replace") + b"\n")
        out.flush()


if __name__ == "__main__":
    understand()
