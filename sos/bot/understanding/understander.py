"""The face of understanding: load the lexicons once, then ask what a text means, as often as one likes.

Pure and offline: no database, no clock, no network, no log. It must never raise on a text and never block an SOS for want of a lexicon.
"""

from pathlib import Path
from typing import Self

from sos.bot.understanding.choice import choose
from sos.bot.understanding.intents import Understanding
from sos.bot.understanding.lexicon import Lexicon, Problem, load_folder
from sos.bot.understanding.normalise import cut
from sos.bot.understanding.patterns import PhraseIndex
from sos.bot.understanding.reading import Reader
from sos.bot.understanding.scan import SosScan
from sos.bot.understanding.vocabulary import Vocabulary


class Understander:
    """Understands single messages. `problems` names what was wrong with the lexicons, for `flask doctor`."""

    def __init__(self, lexicons: list[Lexicon], problems: list[Problem]) -> None:
        vocabulary = Vocabulary()
        vocabulary.fill(lexicons)
        phrases = PhraseIndex()
        for lexicon in lexicons:
            phrases.add(lexicon.phrases, lexicon.extends or lexicon.code)
        self._reader = Reader(vocabulary, phrases)
        self._scan = SosScan(lexicons)
        self.problems = tuple(problems)
        self.languages = tuple(lexicon.code for lexicon in lexicons)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `folder/<code>/lexicon.toml`. Never raises: what is broken is left out and named in `problems`."""
        return cls(*load_folder(folder))

    def understand(self, text: str, language: str | None = None) -> Understanding:
        """What `text` means; `language` is a hint (what she chose earlier), never a limit."""
        reading = self._reader.read(cut(text), language)
        choice = choose(reading)
        confidence = round(min(1.0, choice.confidence), 3)
        return Understanding(text, choice.intent, choice.category, reading.language, confidence, choice.danger, choice.signals)

    def sos_words(self, raw_text: str) -> bool:
        """Whether an unmistakable word for help stands anywhere in a raw text, readable or not. Very fast, no grading."""
        return self._scan.found_in(raw_text)
