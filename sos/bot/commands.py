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
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Said:
    """A command as she gave it. `language`: the code asked for; `script`: where the word itself chooses one."""

    command: Command
    language: str | None = None
    script: Script | None = None


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
    Command.JOIN,
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


class Commands:
    """All command words of this installation. `words`: (language, command, its words) of each catalogue."""

    def __init__(self, words: Iterable[tuple[str, Command, Iterable[str]]]) -> None:
        table: dict[str, Said] = {}
        for language, command, given in words:
            said = Said(command, language if command is Command.LANGUAGE else None)
            for word in given:
                if plain(word):
                    table.setdefault(plain(word), said)
            if command is Command.LANGUAGE:
                table[plain(language)] = said
        table |= {word: Said(Command.SCRIPT, script=script) for word, script in _SCRIPTS.items()}
        for universal, certain in _UNIVERSAL.items():
            table |= {word: Said(universal) for word in certain}
        self.words: Mapping[str, Said] = table

    def command_of(self, text: str) -> Said | None:
        """The command that this whole message is; None where it is anything else."""
        if len(text) > MOST_LETTERS:
            return None
        said = self.words.get(plain(text))
        if said and said.language == "sr" and _CYRILLIC.search(text):
            return Said(Command.LANGUAGE, "sr", Script.CYRILLIC)
        return said
