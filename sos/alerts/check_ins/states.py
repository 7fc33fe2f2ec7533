"""The life of a check-in. Nothing from her device but the check word ends it; time ends it, too."""

from enum import StrEnum

from sos.transitions import Table


class CheckIn(StrEnum):
    """Where it stands."""

    OPEN = "open"
    KEPT = "kept"  #: her check word came in time
    MISSED = "missed"  #: it did not: what she chose was done
    CANCELLED = "cancelled"  #: by her, with the check word


MOVES = Table(
    {
        CheckIn.OPEN: {"keep": CheckIn.KEPT, "miss": CheckIn.MISSED, "cancel": CheckIn.CANCELLED},
        CheckIn.KEPT: {},
        CheckIn.MISSED: {},
        CheckIn.CANCELLED: {},
    }
)


class Then(StrEnum):
    """What happens when she does not write. Never the police: that is not among the choices."""

    ALERT = "alert"  #: those on duty are paged, as by an SOS
    TASK = "task"  #: a note waits for an operator; nobody is woken
