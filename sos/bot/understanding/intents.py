"""The words in which understanding answers: intents, grades of danger, signals, and one frozen result.

It must never carry her words into a log: the text is left out of `repr`.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Intent(StrEnum):
    """What the writer wants; one per message, danger is told apart from it."""

    SOS = "sos"
    SERVICE = "service"
    OPERATOR = "operator"
    SAFE = "safe"
    ERASE = "erase"
    EXIT = "exit"
    LANGUAGE = "language"
    GREETING = "greeting"
    PERPETRATOR = "perpetrator"
    THIRD_PARTY = "third_party"
    CANCEL = "cancel"
    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    HELP = "help"
    ABOUT = "about"
    LOCATION = "location"
    MORE = "more"
    SKIP = "skip"
    UNKNOWN = "unknown"


class Danger(StrEnum):
    """How sure danger is: probable raises an alert at once, doubtful asks and leaves an operator's task."""

    PROBABLE = "probable"
    DOUBTFUL = "doubtful"


class Signal(StrEnum):
    """What else was heard, for flows and operators (DOMAIN 3, 13, 16, 17, 18). A signal is never shown to the writer."""

    SOS_WORD = "sos_word"
    VIOLENCE = "violence"
    PAST_VIOLENCE = "past_violence"
    CHILD_SPEAKING = "child_speaking"
    UNDER_18 = "under_18"
    CHILDREN_IN_DANGER = "children_in_danger"
    TRAFFICKING = "trafficking"
    SEXUAL_VIOLENCE = "sexual_violence"
    CHOKING = "choking"
    OVERDOSE = "overdose"
    SUICIDE = "suicide"
    WEAPON = "weapon"
    INJURY = "injury"
    FIRE = "fire"
    LOCKED_IN = "locked_in"
    AT_THE_DOOR = "at_the_door"
    FOLLOWED = "followed"
    DEATH_THREAT = "death_threat"
    THREAT = "threat"
    FEAR = "fear"
    CONTROL = "control"
    PREGNANT = "pregnant"
    POLICE_BARRED = "police_barred"
    PERPETRATOR_THREAT = "perpetrator_threat"
    SEEKS_HER = "seeks_her"
    WANTS_TO_STOP = "wants_to_stop"
    FIGURATIVE = "figurative"
    HYPOTHETICAL = "hypothetical"


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message understood. `confidence` is 0..1; `category` a service slug, or the language code asked for."""

    text: str = field(repr=False)
    intent: Intent
    category: str | None = None
    language: str | None = None
    confidence: float = 0.0
    danger: Danger | None = None
    signals: frozenset[Signal] = frozenset()
