"""Kinds of document cases, their steps and their life. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from sos.transitions import Table


class DocumentKind(StrEnum):
    """Which papers."""

    BIRTH_REGISTRATION = "birth_registration"
    IDENTITY_CARD = "identity_card"
    CITIZENSHIP = "citizenship"
    RESIDENCE = "residence"
    COURT = "court"
    CHILDRENS_PAPERS = "childrens_papers"


class Step(StrEnum):
    """Where a step stands."""

    TO_DO = "to_do"
    UNDER_WAY = "under_way"
    WAITING = "waiting"  #: an office has it
    STUCK = "stuck"  #: a person must look at it
    DONE = "done"
    NOT_NEEDED = "not_needed"


STEP_MOVES = Table(
    {
        Step.TO_DO: {"begin": Step.UNDER_WAY, "skip": Step.NOT_NEEDED, "finish": Step.DONE},
        Step.UNDER_WAY: {"hand_in": Step.WAITING, "get_stuck": Step.STUCK, "finish": Step.DONE, "skip": Step.NOT_NEEDED},
        Step.WAITING: {"get_stuck": Step.STUCK, "finish": Step.DONE, "begin": Step.UNDER_WAY},
        Step.STUCK: {"begin": Step.UNDER_WAY, "skip": Step.NOT_NEEDED, "finish": Step.DONE},
        Step.DONE: {"begin": Step.UNDER_WAY},
        Step.NOT_NEEDED: {"begin": Step.UNDER_WAY},
    },
    lasting=True,
)


class DocumentCase(StrEnum):
    """Where the case stands."""

    OPEN = "open"
    RECEIVED = "received"  #: she has the papers in her hands
    REFUSED = "refused"
    STOPPED = "stopped"  #: she does not want it any more


CASE_MOVES = Table(
    {
        DocumentCase.OPEN: {"receive": DocumentCase.RECEIVED, "refuse": DocumentCase.REFUSED, "stop": DocumentCase.STOPPED},
        DocumentCase.RECEIVED: {},
        DocumentCase.REFUSED: {"appeal": DocumentCase.OPEN},
        DocumentCase.STOPPED: {"take_up_again": DocumentCase.OPEN},
    }
)

_ALWAYS: Final = ("talk", "what_exists", "witnesses_or_proofs", "hand_in", "collect")
STEPS: Final[Mapping[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.BIRTH_REGISTRATION: (
        "talk",
        "what_exists",
        "hospital_record",
        "witnesses_or_proofs",
        "hand_in",
        "court_if_late",
        "collect",
    ),
    DocumentKind.IDENTITY_CARD: _ALWAYS,
    DocumentKind.CITIZENSHIP: ("talk", "what_exists", "witnesses_or_proofs", "translation", "hand_in", "answer_of_office", "collect"),
    DocumentKind.RESIDENCE: _ALWAYS,
    DocumentKind.COURT: ("talk", "lawyer", "witnesses_or_proofs", "hand_in", "hearing", "decision", "collect"),
    DocumentKind.CHILDRENS_PAPERS: ("talk", "what_exists", "other_parent", "lawyer", "hand_in", "collect"),
}
"""The usual steps of each kind, in their order; any may be skipped, and none asks her for papers she does not have."""
