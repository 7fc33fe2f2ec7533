"""The few sentences about a house that its staff get on their own phones. None says house, danger, plan or place; each fits one SMS in GSM-7.

English, like the console; who translates the console translates these.
"""

from typing import Final

READ: Final = "Please read the note for today and answer OK."
OVER: Final = "The note for today is settled. Thank you."
NOTED: Final = "Thank you, noted."
RINGS: Final = "Received. Colleagues are being told now. If you can, call the police. If you hear nothing, nobody has read this yet."
RINGS_NOBODY: Final = (
    "Received. Nobody is on duty now, we keep trying. If you can, call the police. If you hear nothing, nobody has read this yet."
)


def waits(number: int) -> str:
    """Something of a plan is due; which, only the console says."""
    return f"Task {number} waits."
