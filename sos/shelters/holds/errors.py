"""Refusals about holds. They carry no name and no place."""


class HoldRefusal(Exception):
    """The hold does not do this."""


class NoneFree(HoldRefusal):
    """No unit that suits is free."""


class NoSuchHold(HoldRefusal):
    """There is no such hold."""
