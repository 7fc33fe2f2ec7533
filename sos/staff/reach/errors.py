"""What reach refuses, in words for the member herself. Never a number."""


class NotANumber(Exception):
    """This is no mobile number that can be written to."""


class TooMany(Exception):
    """She has asked for enough codes for today."""


class Registered(Exception):
    """This number or chat is a colleague's verified way."""
