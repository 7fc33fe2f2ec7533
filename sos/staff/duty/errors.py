"""What the rota refuses."""


class BadTurn(Exception):
    """This turn or change cannot stand in the rota; the text says why, in words for whoever planned it."""
