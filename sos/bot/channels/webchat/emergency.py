"""The numbers that stand on the page when nothing can be stored: of every jurisdiction, since nothing about her can be looked up then."""

from datetime import datetime

from sos.bot.flows import numbers
from sos.bot.messages import Channel
from sos.bot.rendering import Renderer
from sos.rooms import Rooms
from sos.texts.script import Script

_PURPOSES = ("danger", "ambulance", "violence")


def lines(rooms: Rooms, language: str, now: datetime) -> tuple[str, ...]:
    """One line for each jurisdiction, from files alone. `language`: of the page ("sq", "sr-Cyrl")."""
    code, _, script = language.partition("-")
    renderer = Renderer(
        rooms.texts,
        Channel.WEB,
        rooms.jurisdictions.zone(None),
        code,
        script=Script.CYRILLIC if script == "Cyrl" else Script.LATIN,
    )
    found = rooms.jurisdictions.numbers(None, at=now, without_authorities=False, purposes=_PURPOSES)
    return tuple(renderer.say("numbers.all", lines=numbers.grouped(found, one_country=False)).splitlines()) if found else ()
