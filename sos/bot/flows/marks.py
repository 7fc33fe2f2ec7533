"""Cancel, withdrawal, "I am safe": from her device they are marks, never moves, and always the same words (DOMAIN 5). An open alert stays open."""

from sos.alerts.states import Mark
from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Desk
from sos.bot.messages import Reply


def noted(state: State) -> Answer:
    """The same words whatever they answer, byte for byte."""
    return Answer(state, (Reply("noted", bare=True),))


def marked(state: State, desk: Desk, kind: Mark) -> Answer:
    """Leave the mark on the open alert, if there is one; what she reads does not tell."""
    desk.mark(kind)
    return noted(state)
