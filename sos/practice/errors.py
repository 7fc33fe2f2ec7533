"""Why a step of practice is refused. Holds no word that anybody wrote."""


class BadScript(Exception):
    """A file of `config/practice` cannot be used; the text names the file and the one thing that is wrong."""


class NotYourRun(Exception):
    """This exercise does not exist for this member."""


class Ended(Exception):
    """This exercise is over."""
