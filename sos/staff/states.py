"""The life and kinds of a task for the staff."""

from enum import StrEnum

from sos.transitions import Table


class Task(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"


MOVES = Table({Task.OPEN: {"do": Task.DONE}, Task.DONE: {}})


class TaskKind(StrEnum):
    """What is to be done."""

    CONTACT_HER = "contact_her"  #: she asked that a person contacts her
    DOUBTFUL_SOS = "doubtful_sos"  #: her words may have meant danger
    POSSIBLE_PROBE = "possible_probe"  #: many places or addresses asked for; ends in 24 h
    PERPETRATOR = "perpetrator"
    MINOR = "minor"
    TRAFFICKING = "trafficking"
    STALE_REPLY = "stale_reply"  #: a reply is too old to send: she has not been told
    UNREADABLE = "unreadable"  #: a message could not be read
    THIRD_PARTY = "third_party"
    BLOCKED_TEXT = "blocked_text"  #: the content gate replaced a text
    CHECK_IN_MISSED = "check_in_missed"  #: her check word did not come, and she chose that a colleague finds a note
    CHECK_IN_GAP = "check_in_gap"  #: nobody will be on duty at the time that was agreed with her
    ROTA_GAP = "rota_gap"  #: nobody stands in the rota at a time that is near
    COLLEAGUE = "colleague"  #: a colleague left something to do
    PLAN_DUE = "plan_due"  #: an item, review or drill of a house's safety plan; for its own staff
    PLAN_OVERDUE = "plan_overdue"  #: an item of a safety plan has been open for days: a supervisor asks
    TEST_CALLS = "test_calls"  #: public numbers that nobody has tried at night within 30 days
    PLACE_FOUND = "place_found"  #: a shelter said yes to a blind ask
    NO_PLACE = "no_place"  #: every shelter that was asked said no or nothing
    OFFER = "offer"  #: she asked to hear of such offers and one fits: a person speaks with her
    DOCUMENT_STEP = "document_step"  #: a step of a document case is stuck or late: its mediator looks
    REVIEW = "review"  #: a supervisor looks at what was done
    CONSENT_WITHDRAWN = "consent_withdrawn"  #: withdrawn from her device without the check word: nothing is shown until a person asks her
    REFERRAL_OVERDUE = "referral_overdue"  #: an agency has not answered in time
    GROUP_REFUSED = "group_refused"  #: a shelter or an agency refused a group of people: a supervisor looks at it
    TELL_HER = "tell_her"  #: something was shared without her consent, or reported: it ends only as told, or as unsafe to tell
