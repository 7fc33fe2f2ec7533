"""`flask watchdog`: the process that watches the others. Starts although the database, the keystore or a gateway is gone: that is its work."""

import click
from flask.cli import with_appcontext

from sos import logs
from sos.bot.channels import alarm_ways
from sos.bot.channels.alarm_ways import Alarm, To
from sos.bot.channels.sms.provider import SmsProvider
from sos.cli.context import house, one_clear_error
from sos.clock import SystemClock, since_boot
from sos.directory.jurisdictions import Jurisdictions
from sos.factory import House
from sos.watch.alarms import Alarms
from sos.worker.sight import sights
from sos.worker.watchdog import Watchdog, Ways


@click.command("watchdog")
@with_appcontext
def watchdog() -> None:
    """Watch the whole chain and call people when it is dead, until SIGTERM."""
    logs.configure()
    found = house()
    settings = found.settings
    with one_clear_error():
        to = To.read(settings.watchdog_to)
        looked_at = sights(url=settings.database_url, clock=found.clock, keys=settings.keys, instance=settings.instance)
    address = settings.watchdog_ping_url
    alarm = Alarm(to, _gateways(found), settings.telegram_token, settings.telegram_api_url)
    Watchdog(
        sights=looked_at,
        ways=Ways(alarm=alarm.say, ping=(lambda: alarm_ways.ping(address)) if address else None),
        alarms=Alarms(Jurisdictions.load(settings.config / "jurisdictions").zone(None)),
        wall=SystemClock().now,
        boot=since_boot,
    ).run()


def _gateways(found: House) -> dict[str, SmsProvider]:
    """Those that can send, in the order of SOS_SMS_OUT."""
    able = {name: provider for name, provider in found.providers.items() if provider.can_send()}
    order = [name for name in found.settings.sms_out if name in able]
    return {name: able[name] for name in [*order, *(name for name in able if name not in order)]}
