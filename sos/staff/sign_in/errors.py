"""What can go wrong on the way in. Texts carry no name and no secret."""


class LoginTaken(Exception):
    """Another member signs in by this name."""


class WeakPassword(Exception):
    """This password or login name will not do. `why`: what to do instead, for her to read."""

    def __init__(self, why: str) -> None:
        super().__init__("refused")
        self.why = why


class NotRecognised(Exception):
    """Name, password or factor are wrong, or it is too soon to try again: nobody is told which."""


class NothingSetUp(Exception):
    """No second factor was confirmed yet."""
