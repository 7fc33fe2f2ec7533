"""Commands are whole messages, in every language and script; a word within a sentence never is one."""

import pytest

from sos.bot.commands import Command, Commands
from sos.texts.script import Script
from tests.bot.plain_desk import commands


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("SOS", Command.SOS),
        ("s.o.s.", Command.SOS),
        ("СОС", Command.SOS),
        ("  sos!! ", Command.SOS),
        ("0", Command.EXIT),
        ("O", Command.EXIT),
        ("Stop", Command.EXIT),
        ("dil", Command.EXIT),
        ("Kraj", Command.EXIT),
        ("крај", Command.EXIT),
        ("çıkış", Command.EXIT),
        ("ERASE", Command.ERASE),
        ("fshi", Command.ERASE),
        ("Obriši", Command.ERASE),
        ("ОБРИШИ", Command.ERASE),
        ("sil", Command.ERASE),
        ("SİL", Command.ERASE),
        ("meny", Command.MENU),
        ("brojevi", Command.NUMBERS),
    ],
)
def test_a_whole_message_is_a_command(text: str, command: Command) -> None:
    said = commands().command_of(text)
    assert said is not None
    assert said.command is command


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("SQ", "sq", None),
        ("shqip", "sq", None),
        ("Srpski", "sr", None),
        ("српски", "sr", Script.CYRILLIC),
        ("bosanski", "bs", None),
        ("Türkçe", "tr", None),
        ("romani", "rom", None),
        ("en", "en", None),
    ],
)
def test_a_language_is_chosen_by_its_code_or_name(text: str, language: str, script: Script | None) -> None:
    said = commands().command_of(text)
    assert said is not None
    assert (said.command, said.language, said.script) == (Command.LANGUAGE, language, script)


@pytest.mark.parametrize("text", ["", "  ", "please stop him", "the end of the street", "1", "fshi mesazhin nga burri", "sos " * 20, "10"])
def test_anything_else_is_none(text: str) -> None:
    assert commands().command_of(text) is None


def test_sos_exit_and_erase_work_when_no_catalogue_can_be_read() -> None:
    alone = Commands(())
    found = {said.command for word in ("sos", "0", "exit", "stop", "erase") if (said := alone.command_of(word))}
    assert found == {Command.SOS, Command.EXIT, Command.ERASE}


def test_no_language_takes_a_word_from_sos_exit_or_erase() -> None:
    stolen = Commands([("xx", Command.MENU, ["sos", "0", "erase"])])
    assert stolen.command_of("sos").command is Command.SOS
    assert stolen.command_of("0").command is Command.EXIT
    assert stolen.command_of("erase").command is Command.ERASE
