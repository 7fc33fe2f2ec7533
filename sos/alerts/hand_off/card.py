"""The card that a colleague reads to police or ambulance. Pure. It carries only what helps them come: no story, no name unless written in.

Kept as one sealed entry of the alert; an older card stays beside a newer one.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sos.alerts.hand_off.states import CallBack, Called, MayCall

KIND = "hand_off"
"""The kind of its entry."""
LONGEST = 400
"""Letters a field may have: it is read aloud."""


@dataclass(frozen=True, slots=True)
class Card:
    """Place, weapons, children, language, safe to call back, dispatcher, time. `told_at`: wall clock of the call, as written by the operator."""

    called: Called = Called.POLICE
    place: str = field(default="", repr=False)
    way_in: str = field(default="", repr=False)
    people: str = field(default="", repr=False)
    weapons: str = field(default="", repr=False)
    injuries: str = field(default="", repr=False)
    children: str = field(default="", repr=False)
    language: str = ""
    call_back: CallBack = CallBack.UNKNOWN
    call_back_note: str = field(default="", repr=False)
    dispatcher: str = field(default="", repr=False)
    number_told: str = field(default="", repr=False)
    told_at: str = ""
    may_call: MayCall = MayCall.NO_ANSWER  #: her answer when the card was kept

    @property
    def was_told(self) -> bool:
        """Whether somebody has been told: then a dispatcher or a time stands on it."""
        return bool(self.dispatcher or self.number_told or self.told_at)


WORDS = (
    "place",
    "way_in",
    "people",
    "weapons",
    "injuries",
    "children",
    "language",
    "call_back_note",
    "dispatcher",
    "number_told",
    "told_at",
)
"""The fields that are written in words."""


def packed(card: Card) -> str:
    """The card as its entry keeps it."""
    return json.dumps(asdict(card), ensure_ascii=False)


def unpacked(text: str) -> Card:
    """The card of an entry. Raises ValueError for anything else."""
    try:
        found = json.loads(text)
        words: dict[str, Any] = {name: str(found[name])[:LONGEST] for name in WORDS}
        card = Card(called=Called(found["called"]), call_back=CallBack(found["call_back"]), may_call=MayCall(found["may_call"]))
        return replace(card, **words)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no card: {type(error).__name__}") from None


def last_answer(kinds: list[str]) -> MayCall:
    """Her answer: the last one counts. `kinds`: of the alert's entries, oldest first."""
    answers = {"call_192_yes": MayCall.YES, "call_192_no": MayCall.NO}
    return next((answers[kind] for kind in reversed(kinds) if kind in answers), MayCall.NO_ANSWER)
