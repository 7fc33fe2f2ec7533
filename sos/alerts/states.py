"""The life of an SOS alert. Moves beyond `received` are made by people."""

from enum import StrEnum

from sos.transitions import Table


class Alert(StrEnum):
    """Where an alert stands."""

    RECEIVED = "received"  #: nobody has been shown it yet
    CLOSED = "closed"  #: closed by a person, with an outcome


MOVES = Table({Alert.RECEIVED: {"close": Alert.CLOSED}, Alert.CLOSED: {}})


class Mark(StrEnum):
    """What came from her device and changes nothing until a person decides (DOMAIN 5)."""

    CANCEL = "cancel"
    DURESS = "duress"
    SAFE = "safe"
    LATE_CHECK_IN = "late_check_in"
    WRONG_WORD = "wrong_word"
    WITHDRAWAL = "withdrawal"
    ERASE = "erase"


class Note(StrEnum):
    """What is added to an open alert."""

    WORDS = "words"
    PLACE = "place"
    CALL_192_YES = "call_192_yes"
    CALL_192_NO = "call_192_no"
    ANSWER = "answer"
    POINT = "point"
