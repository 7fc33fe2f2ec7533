"""The few sentences that shelter staff get on their own phones. Each fits one SMS in GSM-7 and tells no more than the room needs (DOMAIN 36).

English, like the console; who translates the console translates these. No shelter's name, no place, nothing of hers.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sos.shelters.asks.states import Need, No
from sos.shelters.units.states import UnitKind

KINDS: Final[Mapping[UnitKind, str]] = {
    UnitKind.FAMILY_ROOM: "family room",
    UnitKind.SINGLE: "single room",
    UnitKind.ACCESSIBLE: "accessible room",
    UnitKind.CRISIS: "crisis bed",
}
LANGUAGES: Final = {"sq": "Albanian", "sr": "Serbian", "bs": "Bosnian", "tr": "Turkish", "rom": "Romani", "en": "English"}
REASONS: Final[Mapping[No, str]] = {
    No.FULL: "Full",
    No.CANNOT_TAKE_BOY: "Cannot take a boy of that age",
    No.NOT_ACCESSIBLE: "Steps in the house",
    No.STAFF_SHORT: "Not enough staff now",
    No.GATEKEEPER: "The gatekeeper says no",
    No.NOT_SAFE_HERE: "Not safe here now",
    No.GROUP_REFUSED: "We do not take this group",
    No.OTHER: "Another reason",
}
NOT_YOURS: Final = "That code does not fit. Nothing was changed. Please open the page."
TOO_LATE: Final = "Thank you. It is no longer needed."
ASKED_ANEW: Final = "That question is over; nothing was changed. A new one with its own code is on its way."
STILL_UNCLEAR: Final = "Not understood, nothing changed. Please open the page, or wait for the next question."
NOTED_NO: Final = "Noted, thank you."


def need(wanted: Need) -> str:
    """All that a shelter is told before it says yes."""
    parts = [KINDS[wanted.kind], f"{wanted.beds} beds" if wanted.beds > 1 else "1 bed"]
    parts += ["no steps"] * wanted.step_free + ["boy over 12"] * wanted.boy_over_12
    parts += [f"{LANGUAGES[wanted.interpreter]} interpreter"] if wanted.interpreter else []
    return ", ".join(parts)


def ask(code: str, wanted: Need) -> str:
    """The ask to one shelter."""
    return f"Room? {need(wanted)}. Reply {code} yes, {code} no full, or {code} hold (gatekeeper decides)."


def ask_again(code: str) -> str:
    """An answer to an ask that was not understood."""
    return f"Not understood, nothing changed. Reply {code} yes, {code} no full, or {code} hold."


def not_needed(code: str) -> str:
    """The ask is over."""
    return f"{code}: no longer needed, thank you."


def yes_noted(*, held: bool, subject: bool) -> str:
    """After the first suitable yes."""
    if not held:
        return "Thank you, noted. No room stands free on your list: a colleague will call. Please look at the list."
    return "Thank you, noted. One room is kept for 2 hours" + (", until the gatekeeper decides." if subject else ".")


def kept(until: datetime, kind: UnitKind) -> str:
    """An operator keeps a room by hand. `until`: on the wall clock of the shelter."""
    return f"One {KINDS[kind]} is kept until {until:%H:%M}. Please look at the page. If it cannot be, let it go there."


def question(code: str, empty: Mapping[UnitKind, int]) -> str:
    """What stands empty? Held rooms count as empty, since they stand so."""
    return f"Empty rooms now, held ones too? We have {counts(empty)}. Right: {code} ok. If not: {code} {example(empty)}"


def again(code: str, empty: Mapping[UnitKind, int]) -> str:
    """The answer was not understood, or cannot be."""
    return f"Not understood, nothing changed. We have {counts(empty)}. Right: {code} ok. If not, like this: {code} {example(empty)}"


def confirmed(at: datetime, empty: Mapping[UnitKind, int], held: int) -> str:
    """Confirmed back with the new counts. `at`: on the wall clock of the shelter."""
    return f"Noted {at:%H:%M}. Empty: {counts(empty)}" + (f" ({held} held)." if held else ".") + " Thank you."


def counts(empty: Mapping[UnitKind, int]) -> str:
    """Counts as they may be written back: "F2 S1"."""
    return " ".join(f"{kind.code}{n}" for kind, n in sorted(empty.items())) or "none"


def example(empty: Mapping[UnitKind, int]) -> str:
    """An answer that differs from what stands."""
    return " ".join(f"{kind.code}{max(0, n - 1) if n else 1}" for kind, n in sorted(empty.items())) or "F1"
