"""One message, from top to bottom: SOS first, then her agreed words, cover, commands, the lock, danger in doubt, the open question, what she asks.

The order is the promise. Nothing here knows a language, a channel's limits or a database; every message gets an answer, except from who has left.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sos.alerts.states import Mark, Note
from sos.bot.commands import Command, Said
from sos.bot.engine import (
    AGAIN,
    END,
    SEPARATOR,
    Answer,
    Introduced,
    State,
)
from sos.bot.flows import (
    another,
    chat,
    check,
    check_in,
    consents,
    cover,
    doubt,
    erase,
    evidence,
    injuries,
    join,
    language,
    leave,
    marks,
    menu,
    own_plan,
    perpetrator,
    police,
    probes,
    shared,
    sos,
    third_party,
    trafficking,
    words,
    young,
)
from sos.bot.flows.asked import ASKED, SMALL, kept_place, looking
from sos.bot.flows.desk import Desk, Turn
from sos.bot.flows.picking import exactly_offered, picked
from sos.bot.flows.places import spelt
from sos.bot.flows.registry import HOME, STEPS
from sos.bot.messages import Kind, Reply
from sos.bot.understanding.intents import Danger, Intent, Signal
from sos.staff.states import TaskKind
from sos.texts.script import Script

MOST_STEPS: Final = 6
SOS_BUTTON: Final = f"{SEPARATOR}sos"
END_BUTTON: Final = f"{SEPARATOR}{END}"
_TALKING: Final = frozenset({Kind.TEXT, Kind.BUTTON})
_YOUNG: Final = frozenset({Signal.UNDER_18, Signal.CHILD_SPEAKING})
_HERS: Final = frozenset({own_plan.WRITING, evidence.WRITING})
"""Steps at which any words are hers to keep: what they tell of others is no sign of who writes."""


def respond(turn: Turn) -> Answer:
    """What follows from this message: the new state with its time, and every reply."""
    before = turn.state
    turn = met = check.after_silence(sos.while_open(_back(turn)))
    check.keeps_check_in(turn)
    for stage in _STAGES:
        found = stage(turn)
        if isinstance(found, Turn):
            turn = found
        elif found is not None:
            answer = check.proven(met, _carried_out(found, turn.desk))
            answer = answer.first(*check_in.gap(turn))
            state = probes.noted(before, answer.state, turn.desk)
            at = before.at if before.at and turn.kind in shared.MOVING else turn.desk.now.isoformat()
            return replace(answer, state=replace(state, at=at))
    raise AssertionError("the last stage answers everything")


def _back(turn: Turn) -> Turn:
    """Who writes again has not left any more; what her phone sends by itself is no return."""
    if turn.kind not in _TALKING or leave.LEFT not in turn.state.told:
        return turn
    return turn.at(replace(turn.state, told=tuple(one for one in turn.state.told if one != leave.LEFT)))


def _carried_out(answer: Answer, desk: Desk) -> Answer:
    """Begin the steps that the answer names, until one asks something."""
    replies = list(answer.replies)
    for _ in range(MOST_STEPS):
        if not answer.then:
            break
        if answer.then == AGAIN and answer.state.step in STEPS:
            replies.append(STEPS[answer.state.step].question(answer.state, desk))
            break
        answer = _entered(answer.state, answer.then, desk)
        replies += answer.replies
    return Answer(answer.state, tuple(replies))


def _entered(state: State, name: str, desk: Desk) -> Answer:
    step = STEPS.get(name) or STEPS[HOME]
    if step.introduced and state.introduced is not Introduced.DONE:
        if state.introduced is not Introduced.LIMITS:
            first = "first" if state.introduced is Introduced.NOT_YET else "first.limits"
            return Answer(replace(state, after=step.name), then=first)
        state = replace(state, introduced=Introduced.DONE)
    return step.enter(state, desk)


def _blocked(turn: Turn) -> Answer | None:
    return Answer(turn.state.goes()) if turn.kind is Kind.BLOCKED else None


def _understood_about_her(turn: Turn) -> Turn:
    """What holds whatever the message wants: no police, and her language until she chooses one."""
    state = turn.state
    if Signal.POLICE_BARRED in turn.understood.signals:
        if not state.police_barred:
            turn.desk.add(Note.CALL_192_NO, "")  # takes back an earlier yes on an open alert
        state = police.barred(state)
    return turn.at(state)


def _heard(turn: Turn) -> Turn | None:
    """Words that she wishes to keep are kept before anything else is made of them; danger in them is heard all the same."""
    if turn.state.step not in _HERS or turn.state.cover:
        return None
    return evidence.heard(turn) if turn.state.step == evidence.WRITING else own_plan.heard(turn)


def _kept(turn: Turn) -> Answer | None:
    return STEPS[turn.state.step].take(turn, None) if turn.kept and turn.understood.danger is None else None


def _is_sos(turn: Turn) -> bool:
    ordered = turn.command is not None and turn.command.command is Command.SOS
    probable = turn.understood.danger is Danger.PROBABLE and turn.intent not in (Intent.PERPETRATOR, Intent.THIRD_PARTY)
    return ordered or probable or (turn.kind is Kind.BUTTON and turn.text == SOS_BUTTON)


def _ordered_sos(turn: Turn) -> Answer | None:
    return _sos(turn) if turn.command is not None and turn.command.command is Command.SOS else None


def _danger(turn: Turn) -> Answer | None:
    """Probable danger; but the very words of an answer that was just offered ("help for children") are that answer."""
    return _sos(turn) if _is_sos(turn) and not exactly_offered(turn) else None


def _sos(turn: Turn) -> Answer:
    """Raise; and say once what cannot wait beside it."""
    if turn.state.cover:
        return cover.office(replace(turn.state, told=sos.raise_alert(turn).state.told))
    answer = sos.raise_alert(turn)
    beside, told = _beside(turn, answer.state)
    if Signal.TRAFFICKING in turn.understood.signals:
        turn.desk.leave_task(TaskKind.TRAFFICKING)
    return Answer(replace(answer.state, told=sos.told_here(told)), (*answer.replies, *beside))


def _beside(turn: Turn, state: State) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
    """Notes that stand beside a more urgent reply, and what has been told after them."""
    notes, told = injuries.due(turn), injuries.told(turn).told
    if turn.kept:
        notes = (Reply("own.kept", {"time": turn.desk.now}), *notes)
    if not turn.understood.signals & _YOUNG or young.TOLD in told:
        return notes, told
    turn.desk.leave_task(TaskKind.MINOR, turn.text)
    return (*notes, young.lines(state, turn.desk)), (*told, young.TOLD)


def _in_cover(turn: Turn) -> Answer | None:
    """An ordinary office answers everything; what it answers does not tell what was done."""
    if not turn.state.cover:
        return None
    if turn.command is not None and turn.command.command is Command.ERASE:
        return cover.office(erase.erase(turn.state, turn.desk).state)
    if turn.command is not None and turn.command.command is Command.ERASE_CHAT and chat.is_possible(turn.desk):
        turn.desk.delete_chat()
    consents.in_cover(turn)
    if turn.understood.danger is not None:
        turn.desk.leave_task(TaskKind.DOUBTFUL_SOS, turn.text)
    if turn.kind in shared.MOVING:
        return shared.live_in_cover(turn)
    if turn.point is not None:
        turn.desk.add(Note.POINT, spelt(turn.point))
    return cover.office(turn.state)


def _no_text(turn: Turn) -> Answer | None:
    """Pictures, places, fragments."""
    if turn.kind is Kind.ATTACHMENT:
        return evidence.picture(turn) or shared.picture(turn)
    if turn.kind is Kind.UNREADABLE:
        return shared.unreadable(turn)
    if turn.kind in shared.MOVING:
        return shared.live(turn)
    if turn.kind is Kind.LOCATION:
        step = STEPS.get(turn.state.step)
        taken = step.take(turn, None) if step and turn.state.step in ("sos", "service.place", "service.which", "match.away") else None
        return taken or shared.place(turn)
    return None


def _command(turn: Turn) -> Answer | None:
    if turn.kind is Kind.BUTTON and turn.text.endswith(END_BUTTON):
        return leave.leave(turn.state)
    if turn.command is None or turn.kind not in _TALKING:
        return None
    if turn.command.command is not Command.ERASE and picked(turn) is not None:
        return None  # "dalje" goes on in Serbian and leaves in Albanian: what was just offered wins
    return _ORDERS[turn.command.command](turn, turn.command)


def _language(turn: Turn, said: Said) -> Answer | None:
    return language.chosen(turn.state, said.language, said.script) if said.language in turn.desk.languages else None


_ORDERS: Final[dict[Command, Callable[[Turn, Said], Answer | None]]] = {
    Command.SOS: lambda turn, _: _sos(turn),
    Command.EXIT: consents.left,
    Command.ERASE: lambda turn, _: erase.erase(turn.state, turn.desk),
    Command.ERASE_CHAT: lambda turn, _: chat.delete(turn.state, turn.desk) if chat.is_possible(turn.desk) else None,
    Command.LANGUAGE: _language,
    Command.SCRIPT: lambda turn, said: language.scripted(turn.state, said.script or Script.LATIN),
    Command.MENU: lambda turn, _: Answer(turn.state, then="menu"),
    Command.NUMBERS: lambda turn, _: Answer(turn.state, then="numbers"),
    Command.OWN: lambda turn, _: Answer(turn.state, then="own"),
    Command.PLAN: lambda turn, _: Answer(turn.state, then="plan"),
    Command.PLAN_ERASE: lambda turn, _: Answer(turn.state, then="plan.delete"),
    Command.EVIDENCE: lambda turn, _: Answer(turn.state, then="evidence"),
    Command.EVIDENCE_ERASE: lambda turn, _: Answer(turn.state, then="evidence.delete"),
    Command.MINE: lambda turn, _: Answer(turn.state, then="mine"),
    Command.ANOTHER: lambda turn, _: another.asked(turn.state, turn.desk),
    Command.OFFERS: lambda turn, _: Answer(turn.state, then="offers"),
    Command.JOIN: lambda turn, _: Answer(turn.state, then="join"),
    Command.CONSENTS: lambda turn, _: Answer(turn.state, then="consents"),
    Command.WITHDRAW: consents.ordered,
}


def _option(turn: Turn) -> Answer | None:
    value = picked(turn)
    if value == END:
        return leave.leave(turn.state)
    if value is not None:
        return STEPS[turn.state.step].take(turn, value)
    late = _late_answer_to_sos(turn)
    if late is not None:
        return late
    if turn.kind is Kind.BUTTON:
        return Answer(turn.state, then=AGAIN)  # a button of an earlier question: the open one is asked again
    return None


def _other_people(turn: Turn) -> Answer | None:
    """Who speaks is told apart before what is asked, except within an open SOS: there every word belongs to it."""
    if turn.state.step == "sos" or turn.intent not in (Intent.PERPETRATOR, Intent.THIRD_PARTY):
        return None
    return perpetrator.met(turn) if turn.intent is Intent.PERPETRATOR else third_party.met(turn)


def _late_answer_to_sos(turn: Turn) -> Answer | None:
    """Whether a colleague may call can be tapped long after: it counts as long as the alert is open."""
    if turn.kind is not Kind.BUTTON or turn.desk.open_alert() is None:
        return None
    asked = turn.at(replace(turn.state, step="sos"))
    value = picked(asked)
    return STEPS["sos"].take(asked, value) if value is not None else None


def _no_police(turn: Turn) -> Answer | None:
    """Said for its own sake; beside a wish or a danger it is kept without a word."""
    if Signal.POLICE_BARRED not in turn.understood.signals or turn.understood.danger is not None:
        return None
    wishes = turn.intent is Intent.OPERATOR or (turn.intent is Intent.SERVICE and turn.understood.category != "police")
    return None if wishes or turn.state.step == "sos" else police.said(turn.state)


def _in_doubt(turn: Turn) -> Answer | None:
    if turn.state.step == "doubt":
        taken = STEPS["doubt"].take(turn, None)
        if taken is not None:
            return taken
    if turn.understood.danger is None or turn.state.step == "sos":
        return None
    slug = turn.understood.category
    wishing = turn.at(replace(looking(turn, slug), after="service")) if slug and slug in turn.desk.categories else turn
    if Signal.TRAFFICKING in turn.understood.signals and trafficking.TOLD not in turn.state.told:
        return trafficking.met(turn)
    beside, told = _beside(turn, turn.state)
    answer = doubt.ask(wishing.at(replace(wishing.state, told=told)))
    return Answer(answer.state, (*answer.replies, *beside))


def _awaited(turn: Turn) -> Answer | None:
    """While a check-in waits for its word, a short word that means nothing else reads like the right one, and is a mark."""
    step, located = STEPS.get(turn.state.step), turn.located
    says_something = (
        turn.understood.intent is not Intent.UNKNOWN or turn.understood.category is not None or turn.understood.danger is not None
    )
    a_place = located is not None and (located.place is not None or bool(located.candidates))
    if turn.kind is not Kind.TEXT or says_something or a_place or turn.command is not None or (step is not None and step.free):
        return None
    if not words.may_be_a_word(turn.text) or not turn.desk.awaits_check_in():
        return None
    if turn.state.step == "sos":
        turn.desk.add(Note.WORDS, turn.text)
    return marks.marked(turn.state, turn.desk, Mark.WRONG_WORD)


def _open_sos(turn: Turn) -> Answer | None:
    """While an SOS is open, what she writes belongs to it, unless she plainly asks for something else."""
    if turn.state.step != "sos" or turn.intent in (Intent.SERVICE, Intent.OPERATOR, Intent.SAFE, Intent.CANCEL, Intent.ERASE, Intent.EXIT):
        return None
    return STEPS["sos"].take(turn, None)


def _free(turn: Turn) -> Answer | None:
    step = STEPS.get(turn.state.step)
    return step.take(turn, None) if step and step.free else None


def _said_once(turn: Turn) -> Answer | None:
    """Things that need saying when they are first heard."""
    signals, told = turn.understood.signals, turn.state.told
    if Signal.TRAFFICKING in signals and trafficking.TOLD not in told:
        return trafficking.met(turn)
    if signals & _YOUNG and young.TOLD not in told:
        return young.met(turn)
    return injuries.met(turn) if injuries.due(turn) else None


def _asked(turn: Turn) -> Answer | None:
    """What she plainly asks for goes before an open question; small words only where the question can do nothing with them."""
    if turn.intent in ASKED and turn.intent not in SMALL:
        return ASKED[turn.intent](turn)
    step = STEPS.get(turn.state.step)
    if step is not None:
        taken = step.take(turn, None)
        if taken is not None:
            return taken
    return ASKED[turn.intent](turn) if turn.intent in ASKED else None


def _rest(turn: Turn) -> Answer:
    """Nothing could be made of it."""
    state = turn.state
    if state.introduced is not Introduced.DONE and state.step not in STEPS:
        return Answer(kept_place(turn), then=HOME)
    placed = kept_place(turn)
    if placed is not state:
        return _another_place(placed, turn.desk)
    if state.step in STEPS and state.step != HOME and state.misses == 0:
        return Answer(replace(state, misses=1), then=AGAIN)
    return menu.not_understood(turn)


def _another_place(state: State, desk: Desk) -> Answer:
    """A place that no question asked for: kept; where something was shown, it is looked for there."""
    noted = Reply("shared.place", {"place": desk.place(state.place or "")})
    if state.step.startswith("match"):
        return Answer(state.wishes(shown=None, beyond=None, point=None), (noted,), then="match")
    return Answer(replace(state.wishes(point=None), misses=0), (noted,), then=AGAIN)


_STAGES: Final[tuple[Callable[[Turn], Turn | Answer | None], ...]] = (
    _blocked,
    chat.accepted,
    _understood_about_her,
    _ordered_sos,
    check.agreed_word,
    _heard,
    _danger,
    _in_cover,
    _no_text,
    _command,
    join.said,
    check.locked,
    _option,
    _kept,
    _no_police,
    _other_people,
    _in_doubt,
    _awaited,
    _open_sos,
    _free,
    _said_once,
    _asked,
    _rest,
)
