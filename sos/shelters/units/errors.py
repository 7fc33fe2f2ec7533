"""Refusals about units. They carry no name and no place."""


class UnitRefusal(Exception):
    """The unit does not do this."""


class NoSuchUnit(UnitRefusal):
    """This shelter has no such unit."""


class Unclear(UnitRefusal):
    """A count that cannot be true, or that leaves open which units it means: asked again, never guessed."""
