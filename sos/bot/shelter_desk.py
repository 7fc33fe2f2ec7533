"""Shelter staff who answer from their phones: what stands empty, and yes, no or hold to an ask. Only from ways that they registered.

Never keeps a cry for help back; never changes anything for a house that is not theirs; what it did not understand it says, and asks again once.
"""

from typing import Final

from sos.bot.messages import Channel, Incoming, Kind
from sos.bot.shelter_words import Said, read
from sos.db.database import Unit
from sos.rooms import Rooms
from sos.shelters import wording
from sos.shelters.asks.errors import NoSuchAsk
from sos.shelters.confirming.actions import Came, Outcome
from sos.shelters.confirming.errors import NoSuchQuestion
from sos.shelters.staff import shelter_of
from sos.shelters.units import queries as units

_PHONES: Final = frozenset({Channel.SMS, Channel.TELEGRAM})
_TYPED: Final = frozenset({Kind.TEXT, Kind.BUTTON})


class ShelterDesk:
    """What the phones of a shelter's staff may do."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def answered(self, unit: Unit, incoming: Incoming, *, urgent: bool) -> bool:
        """Whether this was an answer of a shelter's staff, and is dealt with. `urgent`: it may be a cry for help, so only a clear answer is one."""
        said = read(incoming.text) if incoming.kind in _TYPED and incoming.address.channel in _PHONES else None
        if said is None or (urgent and not said.is_clear):
            return False
        channel, address = incoming.address.channel.value, incoming.address.value
        member = self._rooms.reach.whose(unit.conn, channel, address)
        service = shelter_of(unit.conn, member) if member is not None else None
        if member is None or service is None:
            return False
        if not self._rooms.reach.may_try(unit, channel, address):
            return said.is_clear
        text = self._done(unit, service, said, by=member, via=channel)
        if text is None:
            if not said.is_clear:
                return False
            text = wording.NOT_YOURS
            self._rooms.reach.missed(unit, channel, address)
        self._rooms.reach.answer(unit, channel=channel, provider=incoming.provider, address=address, text=text, tap=incoming.tap)
        return True

    def _done(self, unit: Unit, service: str, said: Said, *, by: str, via: str) -> str | None:
        """What came of it, as it is written back; None where this shelter has no such code."""
        try:
            return self._ask(unit, service, self._rooms.asks.by_code(unit, service, said.code), said, by=by)
        except NoSuchAsk:
            pass
        try:
            return self._question(unit, service, said, by=by, via=via)
        except NoSuchQuestion:
            return wording.TOO_LATE if self._rooms.asks.was_asked(unit, service, said.code) else None

    def _ask(self, unit: Unit, service: str, ask_id: str, said: Said, *, by: str) -> str:
        if said.yes or said.hold:
            answered = self._rooms.asks.say_yes(unit, service, ask_id, by=by, subject=said.hold)
            return wording.yes_noted(held=answered.held, subject=answered.subject) if answered.needed else wording.TOO_LATE
        if said.reason is not None:
            self._rooms.asks.say_no(unit, service, ask_id, said.reason, by=by)
            return wording.NOTED_NO
        return wording.ask_again(said.code)

    def _question(self, unit: Unit, service: str, said: Said, *, by: str, via: str) -> str:
        outcome = self._rooms.confirming.answer(unit, service, said.code, said.counted, by=by, via=via)
        if outcome.came is Came.CONFIRMED:
            return self._confirmed(unit, service, outcome)
        if outcome.came is Came.UNCLEAR:
            return wording.again(said.code, outcome.empty)
        return wording.ASKED_ANEW if outcome.came is Came.ASKED_ANEW else wording.STILL_UNCLEAR

    def _confirmed(self, unit: Unit, service: str, outcome: Outcome) -> str:
        free = units.free(unit.conn, self._rooms.keystore.place_key, service, self._rooms.units.today(unit))
        at = unit.now.astimezone(self._rooms.jurisdictions.zone(None))
        return wording.confirmed(at, outcome.empty, sum(outcome.empty.values()) - sum(free.values()))
