"""Refusals about referrals. They carry no name, no agency and no word of hers."""


class ReferralRefusal(Exception):
    """The referral does not do this."""


class NoConsent(ReferralRefusal):
    """No consent of hers lets this be sent, or read, now."""


class NoSuchReferral(ReferralRefusal):
    """There is none for whoever asks: ended, withdrawn, another's, or never made. The answer is the same."""


class NotApproved(ReferralRefusal):
    """The summary was changed after she approved it."""


class Barred(ReferralRefusal):
    """This agency, or this member, must not know of this case."""


class NoLegalNote(ReferralRefusal):
    """Nothing crosses a border without a note on the law."""


class NoSuchGround(ReferralRefusal):
    """No jurisdiction's file names this ground, or this duty."""


class OneAndTheSame(ReferralRefusal):
    """Whoever asked does not decide."""
