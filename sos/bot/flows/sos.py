"""SOS: raises at once, answers with one text that is complete in itself, then takes whatever follows as part of it (DOMAIN 3, 4, 17).

Never says that help is coming, never that a colleague is being told while nobody is on duty. The program never calls anyone. Asks no check word.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sos.alerts.actions import Raised
from sos.alerts.states import Alert, Note
from sos.bot.engine import Answer, State
from sos.bot.flows import numbers
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import NO, YES
from sos.bot.flows.places import heard, spelt
from sos.bot.messages import Kind, Reply, Say
from sos.bot.understanding.intents import Signal

MEDICAL: Final = frozenset({Signal.SUICIDE, Signal.OVERDOSE, Signal.CHOKING, Signal.INJURY})
"""Signals after which the ambulance's number stands first."""
REASONS: Final = (
    Signal.SUICIDE, Signal.OVERDOSE, Signal.CHOKING, Signal.WEAPON, Signal.DEATH_THREAT, Signal.FIRE, Signal.LOCKED_IN,
    Signal.AT_THE_DOOR, Signal.CHILDREN_IN_DANGER, Signal.SEXUAL_VIOLENCE, Signal.VIOLENCE, Signal.SOS_WORD,
)  # fmt: skip
"""Gravest first: the one an alert is raised with. All her words go with it."""


RAISED_HERE: Final = "raised_here"
"""Told on this device since nothing fell silent: what becomes of the alert may be said here (DOMAIN 8)."""
FOR_ANOTHER: Final = "for_another"
"""Told by someone about another person: who is not in danger cannot say yes or no to a call for her (DOMAIN 16)."""


def reason_of(signals: Iterable[Signal]) -> str:
    """The signal that an alert is raised with."""
    heard_signals = frozenset(signals)
    return next((signal.value for signal in REASONS if signal in heard_signals), Signal.SOS_WORD.value)


def raise_alert(turn: Turn, reason: str | None = None) -> Answer:
    """Raise or fold, keep the place if one was named, and answer."""
    state, desk = turn.state, turn.desk
    gravest = reason or reason_of(turn.understood.signals)
    others = sorted(signal.value for signal in turn.understood.signals if signal.value != gravest)
    where = replace(state, country=state.country or state.held.get("country"))
    raised = desk.raise_alert(gravest, turn.text if turn.kind is Kind.TEXT else "", state=where, reasons=others)
    known = state.place or state.held.get("place")
    state = placed(turn)
    if state is turn.state and not raised.repeated and isinstance(known, str) and desk.place(known):
        desk.add(Note.PLACE, known)  # told before: whoever opens the alert must not have to ask her again
    here = state.goes("sos", cover=state.cover, after="", told=told_here(one for one in state.told if one != FOR_ANOTHER))
    if state.police_barred and not raised.repeated:
        desk.add(Note.CALL_192_NO, "")  # she is not asked: who opens the alert must see her answer all the same
    return Answer(here, (received(here, desk, raised, medical=bool(turn.understood.signals & MEDICAL)),))


def told_here(told: Iterable[str]) -> tuple[str, ...]:
    """With the mark that an alert was raised on this device."""
    return (*(one for one in told if one != RAISED_HERE), RAISED_HERE)


def not_here(state: State) -> State:
    """Somebody else may look at this device: what becomes of an alert is said here no more, until she raises again or says her word."""
    return replace(state, told=tuple(one for one in state.told if one != RAISED_HERE))


def while_open(turn: Turn) -> Turn:
    """Once a person has ended her alert she stands nowhere: what she writes of danger then is danger anew, and no answer says that it is open."""
    if turn.state.step != "sos" or turn.desk.open_alert() is not None:
        return turn
    return turn.at(turn.state.goes())


def duty(desk: Desk, *, on_duty: bool | None = None, short: bool = False) -> Say:
    """Who there is, in one true sentence: who has opened or taken it, whether anybody on duty is being told, or that nobody is there."""
    match desk.standing():
        case Alert.OPENED | Alert.ANSWERED:
            key = "sos.duty.person"
        case Alert.TAKEN:
            key = "sos.duty.taken"
        case _:
            somebody = desk.somebody_on_duty() if on_duty is None else on_duty
            key = "sos.duty.somebody" if somebody else "sos.duty.nobody"
    return Say(f"{key}.short" if short else key)


def received(state: State, desk: Desk, raised: Raised, *, medical: bool = False) -> Reply:
    """What is said to an SOS: everything to the first one, a short line to each that follows."""
    return _again(state, desk, raised) if raised.repeated else _first(state, desk, raised, medical=medical)


def placed(turn: Turn) -> State:
    """The place of this message noted on the alert, and her numbers by it."""
    state, desk = turn.state, turn.desk
    if turn.point is not None:
        desk.add(Note.POINT, spelt(turn.point))
    sought = heard(turn)
    if sought.place is not None:
        desk.add(Note.PLACE, sought.place.id)
        return replace(state, place=sought.place.id, country=sought.place.country)
    return state


def _first(state: State, desk: Desk, raised: Raised, *, medical: bool) -> Reply:
    values: dict[str, object] = {"time": raised.raised_at, "duty": duty(desk, on_duty=raised.on_duty)}
    call, doctor, police = numbers.danger(state, desk), numbers.ambulance(state, desk), numbers.police(state, desk)
    key = "sos.first"
    if call and medical and doctor:
        key, values = "sos.first.medical", values | {"danger": call, "ambulance": doctor}
    elif call:
        values |= {"danger": call}
    elif doctor:
        key, values = "sos.first.no_police", values | {"ambulance": doctor}
    else:
        key = "sos.first.no_number"
    if call and police:
        return Reply(key, values | {"police": police}, (YES, NO), urgent=True, ask_location=True)
    return Reply(f"{key}.unasked" if call else key, values, urgent=True, ask_location=True)


def _again(state: State, desk: Desk, raised: Raised) -> Reply:
    values: dict[str, object] = {"time": desk.now, "times": raised.count, "who": duty(desk, on_duty=raised.on_duty, short=True)}
    call, doctor = numbers.danger(state, desk), numbers.ambulance(state, desk)
    if call:
        return Reply("sos.again", values | {"danger": call}, urgent=True, ask_location=state.place is None)
    if doctor:
        return Reply("sos.again.no_police", values | {"ambulance": doctor}, urgent=True)
    return Reply("sos.again.no_number", values, urgent=True)


def _question(state: State, desk: Desk) -> Reply:
    """What is still open; also what a change of language shows again."""
    call, doctor, police = numbers.danger(state, desk), numbers.ambulance(state, desk), numbers.police(state, desk)
    may_say = police and FOR_ANOTHER not in state.told
    options = (YES, NO) if may_say else ()
    there = {"duty": duty(desk)}
    if call and may_say:
        return Reply("sos.open", {**there, "danger": call, "police": police}, options, urgent=True, ask_location=True)
    if call:
        return Reply("sos.open.unasked", {**there, "danger": call}, urgent=True, ask_location=True)
    if doctor:
        return Reply("sos.open.no_police", {**there, "ambulance": doctor}, urgent=True, ask_location=True)
    return Reply("sos.open.no_number", there, urgent=True, ask_location=True)


def _take(turn: Turn, value: str | None) -> Answer | None:
    state, desk = turn.state, turn.desk
    police = numbers.police(state, desk)
    if value and police:
        desk.add(Note.CALL_192_YES if value == YES.value else Note.CALL_192_NO, "")
        key = "sos.call.yes" if value == YES.value else "sos.call.no"
        return Answer(state, (Reply(key, {"police": police}, urgent=True, ask_location=state.place is None),))
    if desk.open_alert() is None:
        return None
    there = placed(turn)
    if there is not state:
        return Answer(there, (_place_noted(there, desk),))
    desk.add(Note.WORDS, turn.text)
    return Answer(state, (_added(state, desk),))


def _place_noted(state: State, desk: Desk) -> Reply:
    place, call = desk.place(state.place or ""), numbers.danger(state, desk)
    if place is not None and call:
        return Reply("sos.place", {"place": place, "danger": call}, urgent=True)
    return _added(state, desk)


def _added(state: State, desk: Desk) -> Reply:
    if desk.standing() in (Alert.OPENED, Alert.ANSWERED):
        return Reply("sos.person", {"time": desk.now}, urgent=True)
    call = numbers.danger(state, desk)
    if call:
        return Reply("sos.added", {"time": desk.now, "danger": call}, urgent=True)
    return Reply("sos.added.no_police", {"time": desk.now}, urgent=True)


STEPS = (Step("sos", _question, _take, introduced=False),)
