"""Why a call to police or ambulance is refused here. None of them holds a word of the card."""


class SheSaidNo(Exception):
    """She has said that nobody may call: one operator alone never acts against it."""


class NotAllowedYet(Exception):
    """She has not answered, and nobody has taken the call on themselves: name the risk to life first."""


class AlreadyAnswered(Exception):
    """She has said yes: there is nothing to override."""


class OwnReview(Exception):
    """Who acted does not review it."""


class NoSuchCall(Exception):
    """There is no call waiting for this review."""
