"""The life of an SOS alert: its states, the moves between them, and how long each may last. Moves beyond `being_shown` are made by people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sos.transitions import Table


class Alert(StrEnum):
    """Where an alert stands."""

    RECEIVED = "received"  #: nobody has been shown it yet
    BEING_SHOWN = "being_shown"  #: rendered in a visible tab of someone on duty, or a page confirmed delivered
    TAKEN = "taken"  #: a person has said that she takes it; she may still be in bed
    OPENED = "opened"  #: a person has opened it and read it
    ANSWERED = "answered"  #: a person has written or spoken to her
    HANDED_OVER = "handed_over"  #: offered to another person, who has not taken it yet
    CLOSED = "closed"  #: closed by a person, with an outcome
    FALSE_ALARM = "false_alarm"  #: found by a person to be no alarm


MOVES = Table(
    {
        Alert.RECEIVED: {"show": Alert.BEING_SHOWN, "take": Alert.TAKEN},
        Alert.BEING_SHOWN: {"take": Alert.TAKEN},
        Alert.TAKEN: {
            "open": Alert.OPENED,
            "answer": Alert.ANSWERED,
            "hand_over": Alert.HANDED_OVER,
            "lapse": Alert.RECEIVED,
        },
        Alert.OPENED: {
            "answer": Alert.ANSWERED,
            "hand_over": Alert.HANDED_OVER,
            "lapse": Alert.RECEIVED,
            "again": Alert.TAKEN,
            "close": Alert.CLOSED,
            "false_alarm": Alert.FALSE_ALARM,
        },
        Alert.ANSWERED: {
            "again": Alert.TAKEN,
            "hand_over": Alert.HANDED_OVER,
            "lapse": Alert.RECEIVED,
            "close": Alert.CLOSED,
            "false_alarm": Alert.FALSE_ALARM,
        },
        Alert.HANDED_OVER: {"take": Alert.TAKEN, "lapse": Alert.RECEIVED},
        Alert.CLOSED: {},
        Alert.FALSE_ALARM: {},
    }
)
FINAL = frozenset({Alert.CLOSED, Alert.FALSE_ALARM})
UNTAKEN = frozenset({Alert.RECEIVED, Alert.BEING_SHOWN})
UNREAD = frozenset({Alert.RECEIVED, Alert.BEING_SHOWN, Alert.TAKEN})
"""Nobody has opened it: she must not be told that anyone has read her words."""
HELD = frozenset({Alert.TAKEN, Alert.OPENED, Alert.ANSWERED})
"""A person has it."""


class Clockwork(StrEnum):
    """The kinds of deadlines that an alert has."""

    LEVEL = "alert.level"  #: the next level of its escalation; level = round
    REPLY = "alert.reply"  #: a person took it and must answer; level = turn
    ACCEPT = "alert.accept"  #: it was handed over and must be taken; level = turn
    IDLE = "alert.idle"  #: answered long ago and still open; level = turn
    MISSED = "alert.missed"  #: a fixed moment at which she is told that nobody has read it; level = its place in the policy
    SILENCE = "alert.silence"  #: she has not written since; level = how often it was looked at


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a state may last, and what happens then."""

    kind: Clockwork
    after: timedelta | None
    """None: the alert's own escalation policy says how long"""
    then: str


DEADLINES: Mapping[Alert, Wait] = {
    Alert.RECEIVED: Wait(Clockwork.LEVEL, None, "the next level of the escalation is paged, again and again until a person takes it"),
    Alert.BEING_SHOWN: Wait(Clockwork.LEVEL, None, "the next level of the escalation is paged, again and again until a person takes it"),
    Alert.TAKEN: Wait(Clockwork.REPLY, timedelta(minutes=3), "it lapses: received again, everyone is paged"),
    Alert.OPENED: Wait(Clockwork.REPLY, timedelta(minutes=3), "counted from the taking; it lapses: received again, everyone is paged"),
    Alert.ANSWERED: Wait(Clockwork.IDLE, timedelta(hours=8), "supervisors are paged: an open alert that nobody has touched for a shift"),
    Alert.HANDED_OVER: Wait(Clockwork.ACCEPT, timedelta(minutes=3), "it lapses: received again, everyone is paged"),
}
"""Every state that is not final ends by a person's hand or by its deadline."""


class Source(StrEnum):
    """How an alert came to be."""

    DEVICE = "device"  #: her own message
    PHONE = "phone"  #: a call, written down by a person
    VISIT = "visit"  #: she stood at the door
    CHECK_IN = "check_in"  #: she did not write by the time she had chosen
    SHELTER = "shelter"  #: a house rings for itself


class Outcome(StrEnum):
    """How an alert ended; a person says so."""

    SAFE_FOR_NOW = "safe_for_now"
    SAFER_PLACE = "safer_place"  #: she is with friends, in a shelter, with the police
    POLICE_CAME = "police_came"
    MEDICAL_CARE = "medical_care"
    REFERRED = "referred"
    ADVISED = "advised"
    NOT_REACHED = "not_reached"  #: every way was tried
    TRANSFERRED = "transferred"  #: another organisation has it
    DUPLICATE = "duplicate"
    FALSE_ALARM = "false_alarm"


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
    POINT = "point"  #: where she is; dropped when the alert ends
    STAFF = "staff"  #: a note of a person on duty, never shown to her
    HAND_OVER = "hand_over"
    SECOND_OPINION = "second_opinion"
    SUPERVISOR = "supervisor"
    OUTCOME = "outcome"
    HOUSE = "house"  #: which house rings: its service id, never its place
