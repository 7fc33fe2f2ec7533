"""Refusals of the evidence room. They carry ids at most."""


class TooLarge(Exception):
    """The original is larger than what is kept; nothing of it was stored."""


class NotShared(Exception):
    """She has not let anybody see this."""


class NoSuchEvidence(Exception):
    """There is no such item of hers, or its bytes are gone."""
