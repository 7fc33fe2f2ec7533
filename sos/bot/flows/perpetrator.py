"""Someone who uses violence, or looks for a person: a neutral programme, and no sign that anybody is known here (DOMAIN 16).

On an address that has talked with this line before it may be her device in other hands: an ordinary office answers. Threats raise an alert.
"""

from sos.bot.engine import Answer, Introduced
from sos.bot.flows import cover, sos
from sos.bot.flows.desk import Turn
from sos.bot.flows.matches import best_of, wish_of
from sos.bot.flows.reasons import details
from sos.bot.flows.service import looks_for
from sos.bot.messages import Listing, Reply, Say
from sos.bot.understanding.intents import Danger, Signal
from sos.staff.states import TaskKind
from sos.survivors.words import Word

PROGRAMME = "perpetrator_programme"


def met(turn: Turn) -> Answer:
    """Answer without a sign; tell the operators."""
    state, desk = turn.state, turn.desk
    threat = Signal.PERPETRATOR_THREAT in turn.understood.signals or turn.understood.danger is Danger.PROBABLE
    known_before = state.introduced is not Introduced.NOT_YET or desk.has_word(Word.CHECK) or desk.open_alert() is not None
    if threat:
        desk.raise_alert(Signal.PERPETRATOR_THREAT.value, turn.text, state=state)
    else:
        desk.leave_task(TaskKind.PERPETRATOR, turn.text)
    if known_before:
        return cover.office(sos.not_here(state))
    return Answer(state.goes(), (_programme(turn),))


def _programme(turn: Turn) -> Reply:
    """A programme's number where the directory has one; else the words alone."""
    wish = wish_of(looks_for(turn.state, PROGRAMME), turn.desk)
    found = turn.desk.match(wish, without_authorities=turn.state.police_barred) if wish else None
    best = best_of(found, turn.desk.home) if found else None
    lines = tuple(Say(key, params) for key, params in details(best)) if best else ()
    if best is None or not lines:
        return Reply("perpetrator.words", bare=True)
    return Reply("perpetrator.programme", {"name": best.name, "lines": Listing(lines, least=1, between=". ")}, bare=True)
