"""Cries for help by word alone: SOS, help, urgent. Graded by what else the message is about.

"Help!" is a cry, "help me with the computer" is a question; between them lies what is left of the message besides the cry.
"""

from typing import Final

from sos.bot.understanding.intents import Danger
from sos.bot.understanding.reading import Clause, Reading
from sos.bot.understanding.tags import BIT, mask

_COMPANY: Final = mask(
    "light spanned cry cry_ask help_noun sos urgent please someone child me her my he partner kin they now again call send need want can come_imp"
    " fast greeting here home fear danger alone all first and police neg drunk last_resort"
)
_TOPIC: Final = mask(
    "svc_shelter svc_legal_aid svc_psychological svc_documents svc_livelihood svc_health svc_social_work svc_child svc_trafficking"
    " svc_perpetrator_programme svc_police menu thing task food cook media sport trivial operator talk other reported"
)
_SOS, _CRY, _URGENT, _NOUN = BIT["sos"], BIT["cry"], BIT["urgent"], BIT["help_noun"]
_WORDS: Final = mask("cry help_noun urgent")
_ASKED: Final = mask("need want can question first cry_ask")
_SAUCE: Final = mask("food cook")
_ABOUT_SOS: Final = mask("thing media social")
_A_QUESTION: Final = 8
_PEOPLE: Final = mask("he partner kin ex father fear police flee danger scream drunk alone")


def grade_cry(reading: Reading) -> Danger | None:
    """What the words for help alone amount to; None where they are about something else."""
    tags = reading.all
    if tags & _SOS and not tags & _SAUCE and not (tags & BIT["about"] and reading.words <= _A_QUESTION):
        return Danger.DOUBTFUL if tags & _ABOUT_SOS else Danger.PROBABLE
    if tags & _TOPIC or tags & BIT["harmless"]:
        return None
    if tags & _WORDS and not tags & _ASKED and not any(_left(clause) for clause in reading.clauses):
        return Danger.PROBABLE
    grades = [_grade(clause, reading) for clause in reading.clauses]
    return Danger.PROBABLE if Danger.PROBABLE in grades else next((grade for grade in grades if grade), None)


def _grade(clause: Clause, reading: Reading) -> Danger | None:
    """One clause: a cry alone is probable; an ask, or a cry beside other words about him, is doubtful."""
    here = clause.all
    if _left(clause):
        return Danger.DOUBTFUL if here & _CRY and here & _PEOPLE else None
    whole = reading.content <= clause_content(clause)
    asks = here & _ASKED and not here & _URGENT
    hurried = here & BIT["fast"] and here & BIT["please"]
    if here & _CRY or hurried or (whole and (here & _URGENT or (here & _NOUN and not asks))):
        return Danger.PROBABLE
    return Danger.DOUBTFUL if here & (_NOUN | _URGENT | BIT["cry_ask"]) else None


def clause_content(clause: Clause) -> int:
    """Words of a clause that are more than small words."""
    return sum(not tag & BIT["light"] for tag in clause.tags)


def _left(clause: Clause) -> int:
    return sum(not tag & _COMPANY for tag in clause.tags)
