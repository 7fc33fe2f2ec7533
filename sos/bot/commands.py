"""Commands that work everywhere: the whole message is exactly the word, in any language and script. Pure; knows no state.

A word within a sentence is never a command: that is understanding's part. Each language brings its own words in its catalogue (`command.*`);
the universal ones stand here, so that no broken file takes SOS, EXIT or ERASE away.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sos.survivors.words import plain
from sos.texts.script import Script

MOST_LETTERS: Final = 40


class Command(StrEnum):
    """What the message orders."""

    SOS = "sos"
    EXIT = "exit"
    ERASE = "erase"
    ERASE_CHAT = "erase_chat"
    LANGUAGE = "language"
    SCRIPT = "script"
    MENU = "menu"
    NUMBERS = "numbers"
    OWN = "own"
    PLAN = "plan"
    PLAN_ERASE = "plan_erase"
    EVIDENCE = "evidence"
    EVIDENCE_ERASE = "evidence_erase"
    MINE = "mine"
    ANOTHER = "another"
    OFFERS = "offers"
    JOIN = "join"
    CONSENTS = "consents"
    WITHDRAW = "withdraw"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Said:
    """A command as she gave it. `language`: the code asked for; `script`: where the word itself chooses one.

    `about`: the code of what she ends; `stops`: the word for leaving was one for ending what she agreed to as well.
    """

    command: Command
    language: str | None = None
    script: Script | None = None
    about: str = ""
    stops: bool = False


BY_CATALOGUE: Final = (
    Command.EXIT,
    Command.ERASE,
    Command.ERASE_CHAT,
    Command.MENU,
    Command.NUMBERS,
    Command.LANGUAGE,
    Command.OWN,
    Command.PLAN,
    Command.PLAN_ERASE,
    Command.EVIDENCE,
    Command.EVIDENCE_ERASE,
    Command.MINE,
    Command.ANOTHER,
    Command.OFFERS,
    Command.JOIN,
    Command.CONSENTS,
    Command.WITHDRAW,
    Command.STOP,
)
"""Commands whose words stand in each catalogue as `command.<name>`, parted by commas."""
_UNIVERSAL: Final[Mapping[Command, tuple[str, ...]]] = {
    Command.SOS: ("sos", "soss", "ssos", "505", "s05", "50s", "s0s", "sos1", "s o s"),
    Command.EXIT: ("0", "o", "exit", "stop", "stopp", "stopall", "unsubscribe"),
    Command.ERASE: ("erase",),
    Command.ERASE_CHAT: ("erase chat",),
}
_SCRIPTS: Final[Mapping[str, Script]] = {"cirilica": Script.CYRILLIC, "latinica": Script.LATIN}
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_CODE: Final = re.compile(r"([a-z]) ?(\d{1,2})")
"""A receipt's code as it comes back: K7, k 72."""


class Commands:
    """All command words of this installation. `words`: (language, command, its words) of each catalogue."""

    def __init__(self, words: Iterable[tuple[str, Command, Iterable[str]]]) -> None:
        table: dict[str, Said] = {}
        stopping = {"stop", "stopp"}
        for language, command, given in words:
            if command is Command.STOP:
                stopping |= {plain(word) for word in given if plain(word)}
                continue
            said = Said(command, language if command is Command.LANGUAGE else None)
            for word in given:
                if plain(word):
                    table.setdefault(plain(word), said)
            if command is Command.LANGUAGE:
                table[plain(language)] = said
        table |= {word: Said(Command.SCRIPT, script=script) for word, script in _SCRIPTS.items()}
        for universal, certain in _UNIVERSAL.items():
            table |= {word: Said(universal) for word in certain}
        table |= {word: Said(Command.EXIT, stops=True) for word in stopping}
        self._ending = stopping | {word for word, said in table.items() if said.command is Command.WITHDRAW}
        self.words: Mapping[str, Said] = table

    def command_of(self, text: str) -> Said | None:
        """The command that this whole message is; None where it is anything else."""
        if len(text) > MOST_LETTERS:
            return None
        whole = plain(text)
        said = self.words.get(whole) or self._ended(whole)
        if said and said.language == "sr" and _CYRILLIC.search(text):
            return Said(Command.LANGUAGE, "sr", Script.CYRILLIC)
        return said

    def _ended(self, whole: str) -> Said | None:
        """A code and a word that ends it, in either order: `K7 STOP`."""
        first, _, rest = whole.partition(" ")
        before, _, last = whole.rpartition(" ")
        code = before if last in self._ending else rest if first in self._ending else ""
        found = _CODE.fullmatch(code)
        return Said(Command.WITHDRAW, about="".join(found.groups()).upper()) if found else None
