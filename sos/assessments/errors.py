"""Refusals about assessments. They name a file or a question, never a person or an answer."""


class AssessmentRefusal(Exception):
    """The assessment does not do this."""


class WrongQuestionnaire(AssessmentRefusal):
    """A file cannot be used; names file and place."""


class NotAlone(AssessmentRefusal):
    """Questions about safety are asked only after she said that she is alone now (DOMAIN 42)."""


class OtherProgramme(AssessmentRefusal):
    """A household and a person whom the hotline meets are never one record (DOMAIN 42): a household gets a record of its own."""


class NoSuchAssessment(AssessmentRefusal):
    """There is none for whoever asks."""


class NoSuchAnswer(AssessmentRefusal):
    """This questionnaire has no such question, or the question no such answer."""
