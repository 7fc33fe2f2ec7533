"""Refusals of the directory, in words that may be shown to the person who asked."""


class DirectoryRefusal(Exception):
    """The directory does not do this."""


class NotReadable(DirectoryRefusal):
    """The file cannot be read as a directory."""


class UnknownCategory(DirectoryRefusal):
    """There is no such category."""


class NoSuchService(DirectoryRefusal):
    """There is no such service."""


class NotHere(DirectoryRefusal):
    """The demonstration directory is refused in production."""


class BrokenConfig(DirectoryRefusal):
    """A file of config/ cannot be used; the message names the file and the line or table."""
