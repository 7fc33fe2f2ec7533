"""`flask worker`: one worker process."""

import click
from flask.cli import with_appcontext

from sos import logs
from sos.bot.channels.intake import Intake
from sos.bot.channels.sending import open_senders
from sos.bot.conversation import Conversation
from sos.cli.context import ready
from sos.worker.delivery import Delivery
from sos.worker.inbox_loop import InboxLoop, Reading
from sos.worker.incarnation import Incarnation
from sos.worker.runner import Worker


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Answer the inbox, send the outbox, fire deadlines, until SIGTERM."""
    logs.configure()
    house = ready()
    rooms, settings = house.rooms, house.settings
    intake = Intake(rooms, Conversation.load(rooms), house.providers)
    incarnation = Incarnation(settings.instance / "workers")
    Worker(
        rooms,
        incarnation=incarnation,
        inbox_loop=InboxLoop(
            database=house.database,
            keystore=house.keystore,
            wake=rooms.wake,
            reading=Reading(prepare=intake.prepare, is_sos=intake.is_sos, park=intake.park),
            holder=incarnation.name,
        ),
        delivery=Delivery(
            database=house.database,
            keystore=house.keystore,
            survivors=rooms.survivors,
            tasks=rooms.tasks,
            wake=rooms.wake,
            holder=incarnation.name,
            open_senders=lambda: open_senders(
                house.providers,
                sms_out=settings.sms_out,
                telegram_token=settings.telegram_token,
                telegram_api_url=settings.telegram_api_url,
            ),
        ),
        anchors=settings.keys / "anchors.log",
    ).run()
