"""What she said about a call to the police, when one operator may act without an answer, and how a supervisor finds it. Only codes."""

from enum import StrEnum


class MayCall(StrEnum):
    """Her answer, when asked whether a colleague may call 192."""

    YES = "yes"
    NO = "no"  #: also where she wants no police at all
    NO_ANSWER = "no_answer"


class Ground(StrEnum):
    """The risk to life on which one operator acts without her answer."""

    WORDS = "words"  #: her words say that a life is at risk now
    INJURY = "injury"
    WEAPON = "weapon"
    CHILD = "child"
    SILENCE = "silence"  #: she wrote of danger and has fallen silent


class Finding(StrEnum):
    """What the reviewing supervisor found."""

    RIGHT = "right"
    NOT_NEEDED = "not_needed"
    FOLLOW_UP = "follow_up"  #: something has to be learned or repaired


class CallBack(StrEnum):
    """Whether police or ambulance may call her number."""

    UNKNOWN = "unknown"  #: as good as no
    NO = "no"
    YES = "yes"


class Called(StrEnum):
    """Whom the card is for."""

    POLICE = "police"
    AMBULANCE = "ambulance"
    BOTH = "both"
