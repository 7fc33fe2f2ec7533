"""Her language and script: chosen by a word at any time, guessed from her first words until she chooses."""

from dataclasses import replace
from typing import Final

from sos.bot.engine import AGAIN, Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import STOP_HERE
from sos.bot.messages import Option, Reply
from sos.texts.script import Script

ORDER: Final = ("sq", "sr", "bs", "tr", "rom", "en")
"""Those that come first, so that a list does not change under her fingers; others follow."""


def _question(_: State, desk: Desk) -> Reply:
    codes = sorted(desk.languages, key=lambda code: (ORDER.index(code) if code in ORDER else len(ORDER), code))
    return Reply("language.ask", options=(*(Option(code, "language.own", language=code) for code in codes), STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    return chosen(turn.state, value) if value in turn.desk.languages else None


def chosen(state: State, code: str, script: Script | None = None) -> Answer:
    """Speak this language from now on, and ask again what was asked before."""
    second = state.language if state.language not in (None, code) else state.second
    spoken = replace(state, language=code, chosen=True, second=second, script=script or state.script)
    if state.step == "language":
        spoken = spoken.goes()
    return Answer(spoken, (Reply("language.done"),), then=AGAIN)


def scripted(state: State, script: Script) -> Answer:
    """Write Serbian in this script."""
    return chosen(replace(state, language=state.language if state.language in ("sr", "bs") else "sr"), "sr", script)


STEPS = (Step("language", _question, _take, introduced=False),)
