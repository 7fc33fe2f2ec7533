"""Kinds of rota lines and of changes to them."""

from enum import StrEnum


class TurnKind(StrEnum):
    """What a turn is for."""

    DUTY = "duty"  #: answers alerts
    INTERPRETER = "interpreter"  #: can be called to interpret


class ChangeKind(StrEnum):
    """How the rota is overridden."""

    SWAP = "swap"  #: one occurrence goes to another person, or to nobody
    ABSENCE = "absence"  #: a member is away for a time
