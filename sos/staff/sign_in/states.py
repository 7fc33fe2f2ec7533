"""How far somebody has come in signing in. Pure: reads and writes nothing."""

from enum import StrEnum


class Stage(StrEnum):
    """What a session is good for."""

    PASSWORD = "password"  # noqa: S105 - password given, second factor still to come: opens nothing
    JOINING = "joining"  #: came by a one-time link: may only set up a second factor
    FULL = "full"  #: password and second factor


class Factor(StrEnum):
    """A second factor."""

    TOTP = "totp"
    SECURITY_KEY = "security_key"
    RECOVERY_CODE = "recovery_code"
