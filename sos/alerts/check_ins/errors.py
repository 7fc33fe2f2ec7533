"""What may go wrong with a check-in."""


class AlreadyRuns(Exception):
    """She has one open; it is ended first, or kept."""
