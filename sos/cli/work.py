"""`flask worker`: one worker process."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime

import click
from flask.cli import with_appcontext

from config.settings import Settings, TelegramMode
from sos import logs
from sos.alerts.synthetic import sender as synthetic_sender
from sos.bot.channels.intake import Intake
from sos.bot.channels.loopback import SYNTHETIC, Loopback, Word
from sos.bot.channels.rerouting import rerouted
from sos.bot.channels.sending import TelegramAccess, open_senders
from sos.bot.channels.sms.numbers import normalise
from sos.bot.channels.telegram.fetching import fetching_loop
from sos.bot.channels.telegram.polling import Pulse
from sos.bot.channels.telegram.side_loop import polling_loop
from sos.bot.channels.vitals import Gateways
from sos.bot.conversation import Conversation
from sos.cli.context import ready
from sos.deadlines import heartbeats
from sos.factory import House
from sos.texts.gate import refusal
from sos.worker import heartbeat, synthetic
from sos.worker.delivery import Delivery
from sos.worker.inbox_loop import InboxLoop, Reading
from sos.worker.incarnation import Incarnation
from sos.worker.runner import Worker
from sos.worker.schedule import Job
from sos.worker.synthetic import Synthetic


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Answer the inbox, send the outbox, fire deadlines, until SIGTERM."""
    logs.configure()
    house = ready()
    rooms, settings = house.rooms, house.settings
    loopback = Loopback(house.keystore, _own_numbers(settings))
    gateways = Gateways(house.providers, loopback, _telegram(settings))
    intake = Intake(rooms, Conversation.load(rooms), house.providers, loopback)
    rooms.warm()
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
            staff_fared=rooms.staff_fared,
            open_senders=lambda: rerouted(
                open_senders(house.providers, sms_out=settings.sms_out, telegram=_telegram(settings)),
                nobody=synthetic_sender(house.keystore).value,
                numbers=loopback.numbers,
            ),
            is_neutral=lambda text: refusal(text, neutral=True, not_neutral=rooms.texts.telling_words()) is None,
        ),
        anchors=settings.keys / "anchors.log",
        backups=settings.instance / "backups",
        side_loops=_side_loops(house),
        more_jobs=(
            Job("gateways", heartbeat.EVERY, lambda: heartbeat.listen(house.database, gateways)),
            *_daily_test(house, gateways),
        ),
    ).run()


def _daily_test(house: House, gateways: Gateways) -> list[Job]:
    """A demonstration without a gateway that can write to itself has none."""
    loopback = gateways.loopback
    able = [name for name in loopback.numbers if house.providers[name].can_send()]
    if house.settings.demo and not able:
        return []

    def begin(now: datetime) -> None:
        if able:
            asyncio.run(gateways.write_to_ourselves(able[:1], now, Word.SYNTHETIC))
            return
        address, text = synthetic_sender(house.keystore), loopback.text(SYNTHETIC, now, Word.SYNTHETIC)
        house.accept(provider=SYNTHETIC, provider_id=text, address=address, body=text.encode())

    test = Synthetic(house.rooms, begin, loopback.numbers[able[0]] if able else None)
    return [Job("synthetic", synthetic.EVERY, test.tend)]


def _own_numbers(settings: Settings) -> dict[str, str]:
    """SOS_SMS_<GATEWAY>_LOOPBACK: the gateway's own number, to which it writes its heartbeat."""
    return {name: normalise(values["loopback"]) for name, values in settings.sms.items() if values.get("loopback", "").strip()}


def _telegram(settings: Settings) -> TelegramAccess | None:
    if not settings.telegram_token:
        return None
    webhook = settings.telegram_mode is TelegramMode.WEBHOOK and settings.telegram_secret
    url = f"{settings.public_url}/telegram/webhook" if webhook else ""
    return TelegramAccess(settings.telegram_token, settings.telegram_api_url, url, settings.telegram_secret)


def _side_loops(house: House) -> list[Callable[[threading.Event], None]]:
    settings = house.settings
    if not settings.telegram_token:
        return []
    fetching = fetching_loop(house.rooms, token=settings.telegram_token, api_url=settings.telegram_api_url)
    return [fetching, *(_polling(house) if settings.telegram_mode is TelegramMode.POLLING else [])]


def _polling(house: House) -> list[Callable[[threading.Event], None]]:
    settings = house.settings

    def pulse(met: Pulse) -> None:
        if met is Pulse.ALIVE:
            with house.database.write() as unit:
                heartbeats.beat(unit, "gateway:telegram")

    return [polling_loop(token=settings.telegram_token, api_url=settings.telegram_api_url, accept=house.accept, pulse=pulse)]
