"""How people say the same thing in each language: used by the stories that must hold in all of them. Never a list to learn from."""

from collections.abc import Iterator, Mapping
from typing import Final

from sos.bot.messages import Channel
from tests.bot.talking import Line, Person

LANGUAGES: Final = ("sq", "sr", "bs", "tr", "rom", "en")
CRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "sq": ("ndihmë", "NDIHM", "me rreh", "po me rrah tash"),
    "sr": ("upomoć", "upomocc", "упомоћ", "бије ме"),
    "bs": ("pomagajte bije me", "u pomoć"),
    "tr": ("imdat", "yardım edin", "beni dövüyor"),
    "rom": ("ažutin man", "marel man"),
    "en": ("SOS", "S.O.S.", "hlep me", "hellp", "he is beating me"),
}
"""Words for danger now: plain, misspelt, in dialect, in both scripts."""
LAWYER: Final[Mapping[str, str]] = {
    "sq": "më duhet avokat në Prizren",
    "sr": "treba mi advokat u Prizrenu",
    "bs": "trebam advokata u Prizrenu",
    "tr": "Prizren'de avukat istiyorum",
    "en": "I need a lawyer in Prizren",
}
NO_POLICE: Final[Mapping[str, str]] = {
    "sq": "nuk dua polici",
    "sr": "neću policiju",
    "bs": "ne želim policiju",
    "tr": "polis istemiyorum",
    "en": "I do not want the police",
}


GREETING: Final[Mapping[str, str]] = {"sq": "përshëndetje", "sr": "zdravo", "bs": "BS", "tr": "TR", "rom": "ROM", "en": "hello"}


def introduced(person: Person, language: str = "en") -> Person:
    """Past the first contact, in this language."""
    return person.says(GREETING[language], "1", "1")


def agree(person: Person, number: str, word: str) -> Person:
    """A word agreed: 1 check, 2 cover, 3 duress."""
    return person.says("menu", "5", number, word)


def on_every_channel(line: Line) -> Iterator[Person]:
    """Three people, one on each channel."""
    yield line.person("+38344000171", Channel.SMS)
    yield line.person("7001", Channel.TELEGRAM)
    yield line.person("web-session-71", Channel.WEB)
