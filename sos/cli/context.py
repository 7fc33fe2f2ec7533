"""What a command stands on: an instance that is created, migrated and, in a demonstration, filled."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from flask import current_app
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from config.settings import WrongSetting
from sos import logs
from sos.bot.channels.sms.provider import Misconfigured
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
    """Turn what an operator can mend into one line instead of a traceback. Names variables and folders, never a value that may be secret."""
    try:
        yield
    except (WrongSetting, Misconfigured) as error:
        refuse(str(error))
    except KeysUnavailable as error:
        refuse(f"the keystore cannot be used: {error}")
    except ArgumentError:
        refuse("SOS_DATABASE_URL is neither postgresql://... nor sqlite:///<file>")
    except SQLAlchemyError as error:
        refuse(f"the database cannot be used: {type(error).__name__}")
    except PermissionError as error:
        refuse(f"no permission: {error.filename}")
    except OSError as error:
        refuse(f"{error.filename or 'a file'} cannot be used: {error.strerror}")
