"""Refusals of the vault. They carry no name, place, number or area."""


class VaultRefusal(Exception):
    """The vault does not do this."""


class NoFrontGate(VaultRefusal):
    """A confidential record needs a front-gate contact; without one it is refused."""


class NotFresh(VaultRefusal):
    """A place is revealed only to somebody who has just shown a second factor."""


class NoSuchHiddenService(VaultRefusal):
    """No confidential service has this id."""
