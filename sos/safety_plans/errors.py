"""Refusals about safety plans. They name a word or an item, never a house or a person."""


class PlanRefusal(Exception):
    """The plan does not do this."""


class WrongTemplate(PlanRefusal):
    """A checklist file cannot be used; names file and place."""


class NoSuchPlan(PlanRefusal):
    """This house has no such plan, or the plan no such item."""


class NotDone(PlanRefusal):
    """Items are open: a plan is signed when each is done or set aside, and what asks for evidence has it."""


class SamePerson(PlanRefusal):
    """The second signature is another person's."""


class UnknownWord(PlanRefusal):
    """A word that is not in the vocabulary: it could be somebody's name. Bears the word, so that the rest can be kept."""

    def __init__(self, word: str) -> None:
        super().__init__("a word that is not in the vocabulary")
        self.word = word
