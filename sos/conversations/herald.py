"""The port by which rooms tell her something that she did not just ask: what became of her alert, and what a person writes to her.

Whoever implements it (the bot) speaks her language, passes the content gate and keeps to safe contact. It never decides what became of an
alert, and it never says more than is true: that something is queued is not that it was read.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from sos.db.database import Unit


class Told(StrEnum):
    """What she is told. Every one has its text in every language; what is *not* listed is not told."""

    BEING_SHOWN = "being_shown"  #: it stands on the screen of somebody on duty, or a page was delivered; not read yet
    TAKEN = "taken"  #: a colleague has said that they take it; not read yet, perhaps from bed
    OPENED = "opened"  #: a person has opened and read it; params: alias
    MISSED = "missed"  #: its time is over and nobody has read it
    REPAGED = "repaged"  #: taken, but no person wrote within three minutes: everybody is asked again
    HANDED_OVER = "handed_over"  #: another person goes on; params: alias (of the next; may be missing where nobody has taken it yet)
    CLOSED = "closed"  #: a person has closed it
    NOBODY_ON_DUTY = "nobody_on_duty"  #: the last one on duty has left while it is open
    ON_DUTY_AGAIN = "on_duty_again"  #: somebody has come on duty and is being told
    STOP_SHARING = "stop_sharing"  #: her moving place is deleted; her phone may still share it
    CHECK_IN_GAP = "check_in_gap"  #: nobody will be on duty at the time she agreed; params: at
    CHECK_IN_STAFFED = "check_in_staffed"  #: somebody will be on duty after all; params: at


NEEDS_ALIAS: Final = frozenset({Told.OPENED})
"""Where `params["alias"]` must be given: she is told who reads."""


class Herald(Protocol):
    """Tells her. Every method takes the unit of work of the change itself: told and done together, or neither."""

    def tell(self, unit: Unit, *, told: Told, alert_id: str, survivor_id: str | None, params: Mapping[str, object]) -> bool:
        """Queue what became of her alert (or check-in: `alert_id` is the subject's id), once for each change the caller reports.

        False: she has not been told. Nobody to tell (unknown, forgotten, hidden after ERASE), outside what safe contact allows now, or cover.
        A later refusal at the moment of sending shows as `held` or `expired` in the outbox (see `sos.outbox.queries.untold`).
        """
        ...

    def write(self, unit: Unit, *, survivor_id: str, text: str, by: str, alias: str, first: bool) -> str:
        """A person's own words. `by`: member id; `first`: she is not waiting for it, so it obeys the rules for unsolicited texts.

        Returns the id of the transcript line; its body holds `outbox` (the id whose row says what became of it), `by`, `alias`.
        Raises CannotTell when there is no address of hers left, EmptyText when nothing is written, and Refused when the gate refuses the words.
        """
        ...

    def canned(self, unit: Unit, *, survivor_id: str, key: str, by: str, alias: str) -> str:
        """A prepared text of the catalogue (`staff.canned.*`) in her language, sent as `write` is; returns the line's id. Raises as `write`."""
        ...

    def remind(self, unit: Unit, *, survivor_id: str, words: str) -> bool:
        """A line that she chose herself for a time that she chose. Always as unsolicited and neutral, under her own contact rules.

        False: it does not leave. Outside her rules or under cover it is held, so that the console says so; words that are not neutral
        are kept out of it altogether and leave a task.
        """
        ...


class CannotTell(Exception):
    """There is no address of hers left: she was forgotten, or hides everything from her device."""


class EmptyText(Exception):
    """Nothing was written."""


class Refused(Exception):
    """The content gate refuses these words. `why`: sos.texts.gate.Refusal as text; holds no word of what was written."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Silent:
    """For tools that never write to anybody: tells nothing, and says so."""

    def tell(self, unit: Unit, *, told: Told, alert_id: str, survivor_id: str | None, params: Mapping[str, object]) -> bool:  # noqa: ARG002
        """Nothing is told."""
        return False

    def write(self, unit: Unit, *, survivor_id: str, text: str, by: str, alias: str, first: bool) -> str:  # noqa: ARG002
        """Raises CannotTell."""
        raise CannotTell

    def canned(self, unit: Unit, *, survivor_id: str, key: str, by: str, alias: str) -> str:  # noqa: ARG002
        """Raises CannotTell."""
        raise CannotTell

    def remind(self, unit: Unit, *, survivor_id: str, words: str) -> bool:  # noqa: ARG002
        """Nothing is sent."""
        return False
