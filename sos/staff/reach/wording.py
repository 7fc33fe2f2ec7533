"""The few sentences that staff get on their own phones. None says whose task it is or what it is about; each fits one SMS in GSM-7.

English, like the console; who translates the console translates these.
"""

TAKE = "Take"
REFUSED = "That did not work. Please open the console."
LINKED = "Linked. Tasks will be announced here."
TEST = "This is a test. If you read it, this way works."
ROTA = "The rota needs a look. Please open the console."
ORDINARY = "This number is registered for staff. For help for yourself, write ME. SOS works here as for everyone."


def code(digits: str) -> str:
    """With which a number is proved."""
    return f"Code {digits}. It is valid for 15 minutes."


def taken(number: int) -> str:
    """After a right code: taken is not yet read, so the three minutes are said (DOMAIN 4)."""
    return f"Task {number} is yours. Open it within 3 minutes."


def taken_already(number: int) -> str:
    """After a right code that came too late."""
    return f"Task {number} is taken already."
