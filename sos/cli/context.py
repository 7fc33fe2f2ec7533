"""What a command stands on: an instance that is created, migrated and, in a demonstration, filled."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from sos import logs
from sos.factory import House
from sos.keys.keystore import KeysUnavailable

WRONG_USE = 2
MUST_CHOOSE = 3


def house() -> House:
    """The house of this process, not prepared."""
    found: House = current_app.extensions["sos"]
    return found


def ready() -> House:
    """The house of this process, prepared: created, migrated, filled where it is a demonstration."""
    with one_clear_error():
        found = house()
        for name in found.settings.unknown:
            logs.event("settings.unknown", name=name)
        found.prepare()
        return found


def refuse(why: str) -> NoReturn:
    """One clear line on stderr, exit 2."""
    click.echo(why, err=True)
    sys.exit(WRONG_USE)


@contextmanager
def one_clear_error() -> Iterator[None]:
    """Turn what an operator can mend into one line instead of a traceback."""
    try:
        yield
    except KeysUnavailable as error:
        refuse(f"the keystore cannot be used: {error}")
    except SQLAlchemyError as error:
        refuse(f"the database cannot be used: {type(error).__name__}")
    except PermissionError as error:
        refuse(f"no permission: {error.filename}")
