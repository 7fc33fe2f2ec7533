"""What can go wrong with members. Texts carry no name."""


class AliasTaken(Exception):
    """Another member, present or past, has this alias: transcripts name people by it."""


class BadMember(Exception):
    """An alias, role, language or country that cannot be used."""


class NoSuchMember(Exception):
    """Nobody here has this id, or she has left."""


class LastAdministrator(Exception):
    """Nobody would be left who can invite."""


class LinkIsOver(Exception):
    """The one-time link was used, is over, or never existed."""
