"""What she sends that is no text: pictures and recordings, a place, a place that moves. One calm line each, never more (DOMAIN 6)."""

from sos.alerts.states import Note
from sos.bot.engine import AGAIN, Answer
from sos.bot.flows.desk import Turn
from sos.bot.flows.places import heard
from sos.bot.flows.service import standing
from sos.bot.messages import Kind, Reply

LIVE = "live"


def picture(turn: Turn) -> Answer:
    """Nothing here opens pictures or recordings."""
    return Answer(turn.state, (Reply("shared.picture"),))


def unreadable(turn: Turn) -> Answer:
    """Her message did not arrive whole."""
    return Answer(turn.state, (Reply("shared.unreadable"),))


def live(turn: Turn) -> Answer:
    """A moving place is taken only while an alert is open; its first point is answered, the later ones only noted."""
    state = turn.state
    if turn.kind is Kind.LIVE_LOCATION_ENDED:
        return Answer(state.goes(state.step, told=tuple(one for one in state.told if one != LIVE)), (Reply("shared.live_ended"),))
    if turn.desk.open_alert() is None:
        return Answer(state, (Reply("shared.live_unneeded"),))
    if turn.point is not None:
        turn.desk.add(Note.POINT, f"{turn.point[0]:.6f},{turn.point[1]:.6f}")
    if LIVE in state.told:
        return Answer(state)
    return Answer(state.goes(state.step, told=(*state.told, LIVE)), (Reply("shared.live"),))


def place(turn: Turn) -> Answer:
    """A place that no question asked for: kept for what comes."""
    sought = heard(turn)
    if sought.place is None:
        return Answer(turn.state, (Reply("shared.place_unknown"),), then="menu")
    state = standing(turn.state, sought.place)
    return Answer(state, (Reply("shared.place", {"place": sought.place}),), then=AGAIN)
