"""What can go wrong with a task."""


class NoSuchTask(Exception):
    """There is no open task of this number, or not for this person."""


class TakenByAnother(Exception):
    """Somebody else has taken it."""


class EndsElsewhere(Exception):
    """What came of it has to be noted, and that ends it."""
