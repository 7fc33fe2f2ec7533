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
    grade: Danger | None = None
    if tags & _WORDS and not tags & _ASKED and not any(_left(clause) for clause in reading.clauses):
        return Danger.PROBABLE
    for clause in reading.clauses:
        here = clause.all
        left = _left(clause)
        if here & _CRY and not left:
            return Danger.PROBABLE
        if here & _CRY and here & _PEOPLE:
            grade = Danger.DOUBTFUL
        if here & _NOUN and not left:
            asks = here & mask("need want can question first") and not here & _URGENT
            if not asks and reading.content <= clause_content(clause):
                return Danger.PROBABLE
            grade = Danger.DOUBTFUL
        if here & mask("cry_ask") and not left:
            grade = Danger.DOUBTFUL
        if here & BIT["fast"] and here & BIT["please"] and not left:
            return Danger.PROBABLE
        if here & _URGENT and not left:
            if reading.content <= clause_content(clause):
                return Danger.PROBABLE
            grade = grade or Danger.DOUBTFUL
    return grade


def clause_content(clause: Clause) -> int:
    """Words of a clause that are more than small words."""
    return sum(not tag & BIT["light"] for tag in clause.tags)


def _left(clause: Clause) -> int:
    return sum(not tag & _COMPANY for tag in clause.tags)
