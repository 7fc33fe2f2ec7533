"""A check-in: "if I do not write by 20:00" (DOMAIN 10). Agreed only for a time that is staffed; ended only by the check word; never the police.

Times are read and said on the wall clock of where she is. What she is told of a running one stands behind the check word, like all earlier things.
"""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sos.alerts.check_ins.actions import counts_from
from sos.alerts.check_ins.states import Then
from sos.alerts.states import Mark
from sos.bot.engine import Answer, State
from sos.bot.flows import marks, numbers, proof
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import MENU, STOP_HERE
from sos.bot.messages import Option, Reply
from sos.survivors.words import Word

SOONEST: Final = timedelta(minutes=10)
OPTION: Final = Option("checkin", "option.check_in")
_END: Final = Option("finish", "option.check_in.end")
_THEN: Final = tuple(Option(then.value, f"option.check_in.{then.value}") for then in Then)
_TIME: Final = re.compile(r"(?<![\d:.])([01]?\d|2[0-3])(?:\s*[:.h]\s*([0-5]\d))?(?!\d)")


def time_of(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The next moment that the clock in `zone` shows this time, at least ten minutes ahead; None where no single time is read."""
    found = _TIME.findall(text)
    if len(found) != 1:
        return None
    hour, minute = int(found[0][0]), int(found[0][1] or 0)
    local = now.astimezone(zone)
    for day in (0, 1):
        date = local.date() + timedelta(days=day)
        at = datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)
        if at - now >= SOONEST:
            return at
    return None


def _begin(state: State, desk: Desk) -> Answer:
    if not desk.has_word(Word.CHECK):
        here = state.goes("checkin.word")
        return Answer(here, (_word_first(here, desk),))
    asked = proof.asked_first(state, desk, after="checkin")
    if asked is not None:
        return asked
    step = "checkin.runs" if desk.check_in() is not None else "checkin.time"
    here = state.goes(step)
    return Answer(here, ((_runs if step == "checkin.runs" else _time)(here, desk),))


def _word_first(_: State, __: Desk) -> Reply:
    return proof.word_first("checkin.word_first")


def _take_word_first(turn: Turn, value: str | None) -> Answer | None:
    return proof.agree(turn.state) if value == proof.AGREE.value else None


def _time(_: State, __: Desk) -> Reply:
    return Reply("checkin.time", options=(STOP_HERE,))


def _take_time(turn: Turn, _: str | None) -> Answer | None:
    state, desk = turn.state, turn.desk
    at = time_of(turn.text, desk.now, desk.wall(state.country))
    if at is None:
        return Answer(state, (Reply("checkin.time.again", options=(STOP_HERE,)),))
    if not desk.staffed_at(at):
        return Answer(state, (_refused(state, desk, at),))
    return Answer(state.wishes(until=at.isoformat()), then="checkin.then")


def _refused(state: State, desk: Desk, at: datetime) -> Reply:
    """Not agreed, and what there is instead."""
    call, doctor = numbers.danger(state, desk), numbers.ambulance(state, desk)
    if call:
        return Reply("checkin.refused", {"at": at, "danger": call}, (STOP_HERE,))
    if doctor:
        return Reply("checkin.refused.no_police", {"at": at, "ambulance": doctor}, (STOP_HERE,))
    return Reply("checkin.refused.no_number", {"at": at}, (STOP_HERE,))


def _until(state: State) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(state.wish.get("until", "")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _then(state: State, desk: Desk) -> Reply:
    at = _until(state)
    return Reply("checkin.then", {"at": at}, (*_THEN, STOP_HERE)) if at else _time(state, desk)


def _take_then(turn: Turn, value: str | None) -> Answer | None:
    """What she chose, and nothing else, is what runs."""
    state, desk = turn.state, turn.desk
    at = _until(state)
    if value is None:
        return None
    after = state.wishes(until=None).goes("checkin.done")
    if at is None or at <= desk.now or not desk.staffed_at(at):
        return Answer(after, (Reply("checkin.late", options=(MENU, STOP_HERE)),))
    if not desk.agree_check_in(at, Then(value), state=state):
        return Answer(after, (Reply("checkin.late", options=(MENU, STOP_HERE)),))
    since = counts_from(made_at=desk.now, due=at)
    return Answer(after, (Reply("checkin.agreed", {"at": at, "since": since}, (MENU, STOP_HERE)),))


def _done(_: State, __: Desk) -> Reply:
    return Reply("menu.more", options=(MENU, STOP_HERE))


def _take_done(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


def _runs(state: State, desk: Desk) -> Reply:
    found = desk.check_in()
    if found is None:
        return _done(state, desk)
    since = counts_from(made_at=found.made_at, due=found.due)
    return Reply("checkin.runs", {"at": found.due, "since": since}, (_END, MENU, STOP_HERE))


def _take_runs(turn: Turn, value: str | None) -> Answer | None:
    """Ended with the check word; without it a mark. The same words."""
    if value == _END.value:
        return ended(turn, turn.state.goes())
    return Answer(turn.state, then=value) if value else None


def ended(turn: Turn, state: State) -> Answer:
    """Somebody at her device asks that it ends."""
    if turn.state.verified:
        turn.desk.end_check_in()
    return marks.marked(state, turn.desk, Mark.CANCEL)


def gap(turn: Turn) -> tuple[Reply, ...]:
    """That nobody is expected on duty then any more, said once, to who has shown that it is she; a stranger learns of no appointment."""
    if turn.state.cover or turn.state.locked or not turn.state.verified:
        return ()
    found = turn.desk.check_in()
    if found is None or not found.gap_untold:
        return ()
    turn.desk.check_in_gap_told()
    return (Reply("told.check_in_gap", {"at": found.due}),)


STEPS = (
    Step("checkin", _time, begin=_begin),
    Step("checkin.word", _word_first, _take_word_first),
    Step("checkin.time", _time, _take_time, free=True),
    Step("checkin.then", _then, _take_then),
    Step("checkin.done", _done, _take_done),
    Step("checkin.runs", _runs, _take_runs),
)
