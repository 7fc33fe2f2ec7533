"""Refusals about consents. They carry no name, no recipient and no word of hers."""


class ConsentRefusal(Exception):
    """The consent does not do this."""


class NoEnd(ConsentRefusal):
    """A consent needs an end, in the future and within what its purpose allows."""


class NoFields(ConsentRefusal):
    """A consent names what may be shared."""


class NoSuchConsent(ConsentRefusal):
    """She has no such consent."""
