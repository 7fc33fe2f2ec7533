"""What can go wrong with an act on an alert. None of them holds a word of hers."""

from sos.db.statements import AlreadyMoved

__all__ = ["AlreadyMoved", "AtCapacity", "Conflicted", "NoSuchAlert", "NotYours", "OutcomeNeeded"]


class NoSuchAlert(Exception):
    """There is no such alert; for a barred person every alert of that case is none."""


class Conflicted(NoSuchAlert):
    """This person is barred from the case; to a door it is the same as no alert."""


class NotYours(Exception):
    """Another person has it; only that person or a supervisor may do this."""


class OutcomeNeeded(Exception):
    """An alert ends with an outcome that a person names."""


class AtCapacity(Exception):
    """She holds as many ordinary matters as one person may; an SOS is never counted and never refused."""
