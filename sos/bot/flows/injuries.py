"""What cannot wait until someone asks: the 72 hours after sexual violence, and pressure on the neck that leaves no mark (DOMAIN 18). Calm, once."""

from dataclasses import replace

from sos.bot.engine import Answer, State
from sos.bot.flows import numbers
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import PERSON, STOP_HERE
from sos.bot.flows.service import looks_for
from sos.bot.messages import Option, Reply
from sos.bot.understanding.intents import Signal

HOURS = "hours72"
NECK = "neck"


def due(turn: Turn) -> tuple[Reply, ...]:
    """Notes that this message calls for and that were not said yet; without options, to stand beside another reply."""
    return tuple(reply for _, reply in _due(turn))


def told(turn: Turn) -> State:
    """The state after those notes were said."""
    said = [name for name, _ in _due(turn)]
    return replace(turn.state, told=(*turn.state.told, *said))


def _due(turn: Turn) -> list[tuple[str, Reply]]:
    signals, state = turn.understood.signals, turn.state
    found: list[tuple[str, Reply]] = []
    if Signal.CHOKING in signals and NECK not in state.told:
        doctor = numbers.ambulance(state, turn.desk)
        found.append((NECK, Reply("note.neck", {"ambulance": doctor}) if doctor else Reply("note.neck.no_number")))
    if Signal.SEXUAL_VIOLENCE in signals and HOURS not in state.told:
        found.append((HOURS, Reply("note.hours72")))
    return found


def met(turn: Turn) -> Answer:
    """Say the notes and offer where to go."""
    state = looks_for(told(turn), "health").goes("injuries")
    return Answer(state, (*due(turn), _question(state, turn.desk)))


def _question(_: State, __: Desk) -> Reply:
    return Reply("injuries.ask", options=(Option("where", "option.doctor"), PERSON, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == "where":
        return Answer(turn.state, then="service")
    return Answer(turn.state, then=value) if value else None


STEPS = (Step("injuries", _question, _take, introduced=False),)
