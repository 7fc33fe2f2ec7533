"""All `flask` commands in one list. Each lives in a file of its own."""

from flask import Flask
from flask.cli import AppGroup

from sos.cli.chat import chat
from sos.cli.database import database
from sos.cli.directory import directory
from sos.cli.doctor import doctor
from sos.cli.locate import geo
from sos.cli.members import staff
from sos.cli.pages import pages
from sos.cli.sign import sign
from sos.cli.supervise import supervise
from sos.cli.understand import understand
from sos.cli.watch import watchdog
from sos.cli.work import worker


def register(app: Flask) -> None:
    """Hang the commands into `flask`."""
    bot = AppGroup("bot", help="The conversation, from the terminal.")
    for command in (understand, chat):
        bot.add_command(command)
    sms = AppGroup("sms", help="SMS gateways.")
    sms.add_command(sign)
    for group in (bot, geo, sms, directory, database, doctor, worker, watchdog, supervise, staff, pages):
        app.cli.add_command(group)
