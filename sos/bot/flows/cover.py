"""Cover: the thread is an ordinary office (DOMAIN 7). Hides, never deletes, never lowers; an SOS inside still raises while the reply stays cover."""

from dataclasses import replace

from sos.bot.engine import Answer, State
from sos.bot.messages import Reply


def office(state: State) -> Answer:
    """What an ordinary office answers, to everything."""
    return Answer(state, (Reply("cover.office", bare=True),))


def put_on(state: State) -> Answer:
    """From now on an office. Where she stood is kept, for when cover is taken off."""
    return office(replace(state, cover=True, verified=False))


def take_off(state: State) -> Answer:
    """Her word again: the office says its line once more, as to any word, and with the next message she is back."""
    return office(replace(state, cover=False))
