"""Staff who write from their phones: takes a task by its page's code, links a chat, answers an ordinary text calmly. Never keeps an SOS back.

A sender can be forged, so nothing follows from who seems to write but one calm line; what counts is a right, unexpired code. Wrong words get the same
answer from everybody, and after five in an hour none; a member's own page is looked at even then, or whoever forges her number could keep her from taking.
"""

from sqlalchemy.exc import OperationalError

from sos import logs
from sos.bot import staff_words
from sos.bot.messages import Address, Channel, Incoming, Kind
from sos.bot.shelter_desk import ShelterDesk
from sos.bot.staff_words import Link, Take, is_for_herself
from sos.bot.understanding.intents import Intent, Understanding
from sos.db.database import Unit
from sos.keys.keystore import KeysUnavailable
from sos.rooms import Rooms
from sos.safety_plans import wording as plan_wording
from sos.safety_plans.calling import house_of
from sos.staff.reach import wording
from sos.staff.reach.actions import Reach

_AWAY = (OperationalError, KeysUnavailable, OSError)
_PHONES = frozenset({Channel.SMS, Channel.TELEGRAM})


class StaffDesk:
    """What the staff's own phones may do."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._shelters = ShelterDesk(rooms)

    @property
    def _reach(self) -> Reach:
        return self._rooms.reach

    def word(self, unit: Unit, incoming: Incoming, said: Take | Link) -> None:
        """Do what the word says, and answer where it came from."""
        channel = incoming.address.channel.value
        text: str | None
        tried_out = not self._reach.may_try(unit, channel, incoming.address.value)
        if tried_out and not (isinstance(said, Take) and self._is_hers(unit, incoming.address)):
            text = None
        elif isinstance(said, Take):
            text = self._take(unit, said)
        else:
            linked = incoming.address.channel is Channel.TELEGRAM and self._reach.link(unit, incoming.address.value, said.code) is not None
            text = wording.LINKED if linked else wording.REFUSED
        if text == wording.REFUSED:
            self._reach.missed(unit, channel, incoming.address.value)
            text = None if tried_out else text
        if text is not None:
            self._answer(unit, incoming, text)

    def ordinary(self, unit: Unit, incoming: Incoming, understood: Understanding) -> bool:
        """Whether this was a member's message that is no survivor's, and is answered. Danger, `ME`, and who is known here as a survivor go on."""
        try:
            with unit.savepoint():
                urgent = understood.danger is not None or understood.intent is Intent.SOS
                return self._shelters.answered(unit, incoming, urgent=urgent) or self._ordinary(unit, incoming, understood)
        except _AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails here must not keep a message from being answered
            logs.problem("worker.loop_failed", loop="staff", error=type(error).__name__)
            return False

    def is_staff(self, unit: Unit, address: Address) -> bool:
        """Whether this is a member's own phone, and not known as a survivor's."""
        if not self._is_hers(unit, address):
            return False
        return self._rooms.survivors.find(unit.conn, address) is None

    def _for_a_house(self, unit: Unit, incoming: Incoming) -> bool:
        """A word of a house's staff from a phone that is registered there: the house rings, or the note for today was read."""
        rings, has_read = staff_words.rings(incoming.text), staff_words.has_read(incoming.text)
        if incoming.address.channel not in _PHONES or not (rings or has_read):
            return False
        by = self._reach.whose(unit.conn, incoming.address.channel.value, incoming.address.value)
        house = house_of(unit.conn, by) if by is not None else None
        if by is None or house is None:
            return False
        if rings:
            raised = self._rooms.house_alarm.ring(unit, house, by=by)
            self._answer(unit, incoming, plan_wording.RINGS if raised.on_duty else plan_wording.RINGS_NOBODY)
            return True
        if self._rooms.lockdowns.read(unit, house, member_id=by):
            self._answer(unit, incoming, plan_wording.NOTED)
            return True
        return False

    def _is_hers(self, unit: Unit, address: Address) -> bool:
        return address.channel in _PHONES and self._reach.whose(unit.conn, address.channel.value, address.value) is not None

    def _ordinary(self, unit: Unit, incoming: Incoming, understood: Understanding) -> bool:
        if self._for_a_house(unit, incoming):
            return True
        if understood.danger is not None or understood.intent is Intent.SOS or not self.is_staff(unit, incoming.address):
            return False
        if incoming.kind is Kind.TEXT and is_for_herself(incoming.text):
            return False
        if incoming.kind is Kind.BLOCKED:
            self._reach.left(unit, incoming.address.channel.value, incoming.address.value)
        else:
            self._answer(unit, incoming, wording.ORDINARY)
        return True

    def _take(self, unit: Unit, said: Take) -> str:
        page = self._rooms.alerts.paging.acknowledge(unit, said.number, said.code)
        if page is None:
            return wording.REFUSED
        return wording.taken(page.number) if page.taken else wording.taken_already(page.number)

    def _answer(self, unit: Unit, incoming: Incoming, text: str) -> None:
        self._reach.answer(
            unit,
            channel=incoming.address.channel.value,
            provider=incoming.provider,
            address=incoming.address.value,
            text=text,
            tap=incoming.tap,
        )
