"""Why a questionnaire is refused. None of them holds an answer."""


class BadQuestionnaire(Exception):
    """A file of `config/questionnaires` cannot be used; the text names the file and the one thing that is wrong."""


class NoSuchQuestionnaire(Exception):
    """There is no questionnaire of this name."""


class NoSuchAnswer(Exception):
    """This question or answer is not in the questionnaire."""


class NotTrained(Exception):
    """This member has no training that is good today for this questionnaire."""
