"""How an exercise ends, how hard it is, and what an operator may ask or let slip. Only codes; the words of them are in `config/practice`."""

from enum import StrEnum

from sos.transitions import Table


class Run(StrEnum):
    """Where an exercise stands."""

    RUNNING = "running"
    WENT_ON = "went_on"  #: the simulated person goes on with something that helps
    LEFT = "left"  #: the simulated person ended it
    SILENT = "silent"  #: nobody wrote any more
    STOPPED = "stopped"  #: the member ended it


MOVES = Table(
    {
        Run.RUNNING: {"go on": Run.WENT_ON, "leave": Run.LEFT, "fall silent": Run.SILENT, "stop": Run.STOPPED},
        Run.WENT_ON: {},
        Run.LEFT: {},
        Run.SILENT: {},
        Run.STOPPED: {},
    }
)


class Difficulty(StrEnum):
    """How hard an exercise is."""

    FIRST = "first"
    MIDDLE = "middle"
    HARD = "hard"


class Who(StrEnum):
    """Who wrote a line."""

    TRAINEE = "trainee"
    SIMULATED = "simulated"


class Topic(StrEnum):
    """What a line of the member is about."""

    SKIP = "skip"  #: every question may be skipped
    BELIEVE = "believe"
    SAFE_TO_WRITE = "safe_to_write"
    CONFIDENTIAL = "confidential"
    WANTS = "wants"
    HE_IS_WHERE = "he_is_where"
    WHERE = "where"
    CHILDREN = "children"
    STRANGLING = "strangling"
    INJURIES = "injuries"
    WEAPONS = "weapons"
    CALL_192 = "call_192"
    CALL_BACK = "call_back"
    OPTIONS = "options"
    PLAN = "plan"
    CHECK_WORD = "check_word"
    GOODBYE = "goodbye"
    NAME = "name"
    WHY = "why"
    BLAME = "blame"
    MUST = "must"
    PROMISE = "promise"
    LONG = "long"  #: longer than two texts
    MANY_QUESTIONS = "many_questions"  #: three or more at once


SLIPS = frozenset({Topic.NAME, Topic.WHY, Topic.BLAME, Topic.MUST, Topic.PROMISE, Topic.LONG, Topic.MANY_QUESTIONS})
"""What LOOK and the field's practice ask to leave: the person on the other side loses patience by it."""
