"""No police: a choice like any bar. From then on no text in any state carries an authority's number (DOMAIN 17)."""

from dataclasses import replace

from sos.bot.engine import AGAIN, Answer, State
from sos.bot.messages import Reply


def barred(state: State) -> State:
    """The state with the bar set; nothing that comes from her device takes it away silently."""
    return replace(state, police_barred=True)


def said(state: State) -> Answer:
    """Tell her that it is kept, and go on where she was."""
    return Answer(barred(state), (Reply("police.barred"),), then=AGAIN)
