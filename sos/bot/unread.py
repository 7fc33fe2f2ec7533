"""What follows from a message that could not be taken: the alert on her own address where it held an SOS word, and a reviewed answer.

Each part stands by itself: what made the message fail may make one of them fail too, and must not take the others with it. Never raises for
anything but a database or a keystore that is away.
"""

from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from sos import logs
from sos.alerts.actions import Raised
from sos.bot.answering import Replies
from sos.bot.desk import RoomsDesk
from sos.bot.engine import Answer, State
from sos.bot.flows import cover, numbers, sos
from sos.bot.messages import Address, Reply
from sos.db.database import Unit
from sos.keys.keystore import KeysUnavailable
from sos.rooms import Rooms
from sos.staff.states import TaskKind
from sos.survivors.actions import Known

AWAY = (OperationalError, KeysUnavailable, OSError)
REASON = "unreadable"
MOST_LETTERS = 2000


def left_to_a_person(unit: Unit, rooms: Rooms, sender: Callable[[], tuple[Address, str] | None], *, words: str | None) -> None:
    """A task; an alert where `words` is not None (the text with the SOS word, empty where none can be read); an answer to whoever wrote.

    `sender`: address and gateway, as far as they can be found; may raise.
    """
    known: list[Known] = []
    raised: list[Raised] = []

    def meet() -> None:
        found = sender()
        if found is not None:
            known.append(rooms.survivors.meet(unit, *found))

    def alert(kept: str) -> None:
        address, who = (known[0].address, known[0].id) if known else (None, None)
        raised.append(rooms.alerts.raise_alert(unit, address=address, survivor_id=who, reason=REASON, words=kept))

    _tried(unit, meet)
    if words is not None:
        _tried(unit, lambda: alert(words[:MOST_LETTERS])) or _tried(unit, lambda: alert(""))
    _tried(unit, lambda: rooms.tasks.leave(unit, kind=TaskKind.UNREADABLE, survivor_id=known[0].id if known else None))
    if known:
        _answer(unit, rooms, known[0], raised[0] if raised else None)


def _answer(unit: Unit, rooms: Rooms, her: Known, raised: Raised | None) -> None:
    """In her language, with the numbers that are hers; without any value where those fail."""
    desk = RoomsDesk(rooms, unit, her)
    stands = [State()]
    _tried(unit, lambda: stands.append(State.from_json(rooms.conversations.state(unit, survivor_id=her.id, key=her.key.raw))))
    state = stands[-1]
    for said in (_said, _plainly):
        if _tried(unit, lambda said=said: Replies(unit, desk, her, state, said(state, desk, raised)).send()):  # type: ignore[misc]
            return


def _said(state: State, desk: RoomsDesk, raised: Raised | None) -> Answer:
    if state.cover:
        return cover.office(state)
    if raised is not None:
        here = state.goes("sos", after="")
        return Answer(here, (sos.received(here, desk, raised),))
    call = numbers.danger(state, desk)
    return Answer(state, (Reply("shared.unhandled", {"danger": call}) if call else Reply("shared.unreadable"),))


def _plainly(state: State, desk: RoomsDesk, raised: Raised | None) -> Answer:
    """The same with nothing looked up."""
    if state.cover:
        return cover.office(state)
    if raised is not None:
        return Answer(state.goes("sos", after=""), (Reply("sos.first.no_number", {"time": desk.now}, urgent=True),))
    return Answer(state, (Reply("shared.unreadable"),))


def _tried(unit: Unit, doing: Callable[[], object]) -> bool:
    """Whether it was done; undone as a whole where it was not."""
    try:
        with unit.savepoint():
            doing()
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - one part's fault must not take the others with it
        logs.problem("worker.loop_failed", loop="park", error=type(error).__name__)
        return False
    return True
