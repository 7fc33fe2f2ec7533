"""Kinds of help whose places are confidential: one fixed line, the same for every place, hour and state of the directory, and a person (DOMAIN 25)."""

from dataclasses import replace
from typing import Final

from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NUMBERS, OTHERS, PERSON, STOP_HERE
from sos.bot.messages import Reply
from sos.bot.understanding.intents import Intent

LINES: Final = frozenset({"shelter", "trafficking"})


def _question(state: State, _: Desk) -> Reply:
    slug = state.wish.get("category")
    return Reply(f"private.{slug if slug in LINES else 'other'}", options=(PERSON, OTHERS, NUMBERS, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    another = value is None and turn.intent is Intent.MORE  # what follows one fixed line is another kind of help
    if value == OTHERS.value or another:
        return Answer(replace(turn.state, wish={}), then="service.category")
    return Answer(turn.state, then=value) if value else None


STEPS = (Step("private", _question, _take),)
