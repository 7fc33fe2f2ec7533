"""A reminder as a neutral line of her own choice, by whoever writes to her in this process. Never says what it is about."""

from collections.abc import Callable
from typing import Protocol

from sos.db.database import Unit


class Line(Protocol):
    """The part of the herald that this needs."""

    def remind(self, unit: Unit, *, survivor_id: str, words: str) -> bool: ...


class NeutralLine:
    """Passes her words on; what does not leave now is held, and the console says so."""

    def __init__(self, herald: Callable[[], Line]) -> None:
        self._herald = herald

    def remind(self, unit: Unit, *, survivor_id: str, words: str) -> None:
        self._herald().remind(unit, survivor_id=survivor_id, words=words)
