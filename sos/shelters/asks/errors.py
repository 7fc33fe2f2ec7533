"""Refusals about asks. They carry no name and no place."""


class AskRefusal(Exception):
    """The ask does not do this."""


class NoSuchAsk(AskRefusal):
    """There is none for whoever answers: another's code, an old one, or none at all. The answer is the same."""


class NobodyToAsk(AskRefusal):
    """A round names at least one shelter, and none twice."""
