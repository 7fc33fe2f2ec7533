"""Prints recall, false alarms and intents by language with 95% intervals: `python -m tests.bot.understanding.figures`."""

import sys

from sos.bot.understanding.understander import Understander
from tests.bot.understanding.labelled_sentences import LANGUAGES, figures, sentences, wilson


def share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits:4}/{of:<4} {100 * hits / of if of else 0:5.1f}% ({100 * low:4.1f}-{100 * high:5.1f})"


def main(halves: list[str]) -> None:
    understander = Understander.load(LANGUAGES)
    for half in halves:
        print(f"{half:9}  {'SOS heard':28}  {'of them at once':28}  {'false alarms':28}  {'other intents right':28}")
        for language, f in figures(understander, sentences(half)).items():
            cells = (share(f.heard, f.sos), share(f.at_once, f.sos), share(f.alarms, f.calm), share(f.right, f.others))
            print(f"{language:9}  " + "  ".join(f"{cell:28}" for cell in cells))


if __name__ == "__main__":
    main(sys.argv[1:] or ["build", "measured"])
