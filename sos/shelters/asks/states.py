"""The life of an ask to one shelter and of the round that it belongs to, and what may be asked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sos.shelters.units.states import UnitKind
from sos.transitions import Table


class Ask(StrEnum):
    """Where the ask to one shelter stands."""

    WAITING = "waiting"  #: leaves in a moment, at a time of its own
    OPEN = "open"
    YES = "yes"
    NO = "no"
    EXPIRED = "expired"  #: no answer in time
    RELEASED = "released"  #: not needed any more


MOVES = Table(
    {
        Ask.WAITING: {"send": Ask.OPEN, "release": Ask.RELEASED},
        Ask.OPEN: {"agree": Ask.YES, "decline": Ask.NO, "expire": Ask.EXPIRED, "release": Ask.RELEASED},
        Ask.YES: {"release": Ask.RELEASED},
        Ask.NO: {},
        Ask.EXPIRED: {},
        Ask.RELEASED: {},
    }
)


class Round(StrEnum):
    """Where the search for one case stands."""

    ASKING = "asking"
    FOUND = "found"  #: one said yes; a person offers it to her
    SETTLED = "settled"  #: she goes there
    NOBODY = "nobody"  #: every ring was asked
    ENDED = "ended"  #: a person stopped it


ROUNDS = Table(
    {
        Round.ASKING: {"find": Round.FOUND, "give_up": Round.NOBODY, "end": Round.ENDED},
        Round.FOUND: {"settle": Round.SETTLED, "go_on": Round.ASKING, "end": Round.ENDED},
        Round.SETTLED: {},
        Round.NOBODY: {"end": Round.ENDED},
        Round.ENDED: {},
    }
)


class No(StrEnum):
    """Why a shelter says no."""

    FULL = "full"
    CANNOT_TAKE_BOY = "cannot_take_boy"
    NOT_ACCESSIBLE = "not_accessible"
    STAFF_SHORT = "staff_short"
    GATEKEEPER = "gatekeeper"
    NOT_SAFE_HERE = "not_safe_here"
    GROUP_REFUSED = "group_refused"  #: a supervisor looks at it
    OTHER = "other"


WORDS: Final[Mapping[str, No]] = {
    "full": No.FULL,
    "boy": No.CANNOT_TAKE_BOY,
    "steps": No.NOT_ACCESSIBLE,
    "staff": No.STAFF_SHORT,
    "gate": No.GATEKEEPER,
    "unsafe": No.NOT_SAFE_HERE,
    "group": No.GROUP_REFUSED,
    "other": No.OTHER,
}
"""A reason as it is written on SMS."""


@dataclass(frozen=True, slots=True)
class Need:
    """All that a shelter is told before it says yes (DOMAIN 36). Never ethnicity, status, identity, origin or channel: there is no field for them."""

    kind: UnitKind
    beds: int = 1
    step_free: bool = False
    boy_over_12: bool = False
    interpreter: str | None = None
    """a language code, only if she asked for an interpreter"""

    def __post_init__(self) -> None:
        if not 1 <= self.beds <= 20:  # more than any house has: a slip of the finger
            raise ValueError("beds must be between 1 and 20")
        if self.interpreter is not None and self.interpreter not in LANGUAGES:
            raise ValueError("an interpreter's language is one of ours")

    def as_plain(self) -> dict[str, Any]:
        """The payload, and there is no other."""
        return {
            "kind": self.kind.value,
            "beds": self.beds,
            "step_free": self.step_free,
            "boy_over_12": self.boy_over_12,
            "interpreter": self.interpreter,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Need":
        return cls(UnitKind(plain["kind"]), plain["beds"], plain["step_free"], plain["boy_over_12"], plain["interpreter"])


LANGUAGES: Final = frozenset({"sq", "sr", "bs", "tr", "rom", "en"})
