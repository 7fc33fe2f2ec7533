"""Kinds and states of a unit. Pure."""

from enum import StrEnum
from typing import Final

from sos.transitions import Table


class UnitKind(StrEnum):
    """What a unit is for. The first letter is its code on SMS."""

    FAMILY_ROOM = "family_room"
    SINGLE = "single"
    ACCESSIBLE = "accessible"
    CRISIS = "crisis"

    @property
    def code(self) -> str:
        return self.value[0].upper()


BY_CODE: Final = {kind.code: kind for kind in UnitKind}


class UnitState(StrEnum):
    """Where a unit stands. Free counts; nothing else does."""

    FREE = "free"
    HELD = "held"  #: empty, and kept for one case
    OCCUPIED = "occupied"
    OUT_OF_ORDER = "out_of_order"


MOVES = Table(
    {
        UnitState.FREE: {"hold": UnitState.HELD, "occupy": UnitState.OCCUPIED, "break": UnitState.OUT_OF_ORDER},
        UnitState.HELD: {"let_go": UnitState.FREE, "occupy": UnitState.OCCUPIED},
        UnitState.OCCUPIED: {"leave": UnitState.FREE, "break": UnitState.OUT_OF_ORDER},
        UnitState.OUT_OF_ORDER: {"mend": UnitState.FREE},
    },
    lasting=True,
)
