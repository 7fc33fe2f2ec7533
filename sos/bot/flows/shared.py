"""What she sends that is no text: pictures and recordings, a place, a place that moves. One calm line each, never more (DOMAIN 6)."""

from dataclasses import replace
from typing import Final

from sos.alerts.states import Note
from sos.bot.engine import AGAIN, Answer
from sos.bot.flows import cover, sos
from sos.bot.flows.desk import Turn
from sos.bot.flows.places import heard, spelt
from sos.bot.flows.service import standing
from sos.bot.messages import Kind, Reply

LIVE: Final = "live"
UNNEEDED: Final = "live_unneeded"
MOVING: Final = frozenset({Kind.LIVE_LOCATION, Kind.LIVE_LOCATION_ENDED})
"""Messages that her phone sends, not she."""


def picture(turn: Turn) -> Answer:
    """Nothing here opens pictures or recordings."""
    return Answer(turn.state, (Reply("shared.picture"),))


def unreadable(turn: Turn) -> Answer:
    """Her message did not arrive whole."""
    return Answer(turn.state, (Reply("shared.unreadable"),))


def live(turn: Turn) -> Answer:
    """A moving place is followed only while an alert is open; without one it is taken once, as its municipality. Each is said once."""
    state, told = turn.state, turn.state.told
    quiet = tuple(one for one in told if one not in (LIVE, UNNEEDED))
    if turn.kind is Kind.LIVE_LOCATION_ENDED:
        return Answer(replace(state, told=quiet), (Reply("shared.live_ended"),))
    if turn.desk.open_alert() is not None:
        return _followed(turn, (*quiet, LIVE))
    if LIVE in told:
        return Answer(replace(state, told=(*quiet, UNNEEDED)), (Reply("shared.live_over"),))
    return Answer(state) if UNNEEDED in told else _taken_once(turn, (*quiet, UNNEEDED))


def _followed(turn: Turn, told: tuple[str, ...]) -> Answer:
    if LIVE in turn.state.told:
        if turn.point is not None:
            turn.desk.add(Note.POINT, spelt(turn.point))
        return Answer(turn.state)
    return Answer(replace(sos.placed(turn), told=told), (Reply("shared.live"),))


def _taken_once(turn: Turn, told: tuple[str, ...]) -> Answer:
    found = heard(turn).place
    if found is None:
        return Answer(replace(turn.state, told=told), (Reply("shared.live_unneeded"),))
    return Answer(replace(standing(turn.state, found), told=told), (Reply("shared.live_coarse", {"place": found}),))


def live_in_cover(turn: Turn) -> Answer:
    """An office says its line once, not at every step she makes; the alert is followed all the same."""
    state = turn.state
    quiet = tuple(one for one in state.told if one != LIVE)
    if turn.kind is Kind.LIVE_LOCATION_ENDED:
        return Answer(replace(state, told=quiet))
    if turn.point is not None:
        turn.desk.add(Note.POINT, spelt(turn.point))
    return Answer(state) if LIVE in state.told else cover.office(replace(state, told=(*quiet, LIVE)))


def place(turn: Turn) -> Answer:
    """A place that no question asked for: kept for what comes."""
    sought = heard(turn)
    if sought.place is None:
        return Answer(turn.state, (Reply("shared.place_unknown"),), then="menu")
    state = standing(turn.state, sought.place)
    return Answer(state, (Reply("shared.place", {"place": sought.place}),), then=AGAIN)
