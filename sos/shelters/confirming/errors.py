"""Refusals about settings and questions. They carry no name and no place."""


class BadSettings(Exception):
    """A half-life or an hour that cannot be."""


class NoSuchQuestion(Exception):
    """There is none for whoever answers: another's code, or none at all. The answer is the same."""
