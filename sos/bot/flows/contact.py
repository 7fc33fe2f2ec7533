"""When and how she may be written to unasked: three short questions, each skippable. Nothing said means never (DOMAIN 9).

Behind the check word where she has one: whoever holds her phone must not open it for messages that she did not allow.
"""

import re
from typing import Any, Final

from sos.bot.engine import Answer, State
from sos.bot.flows import proof
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import MENU, SKIP, STOP_HERE
from sos.bot.messages import Option, Reply, Say
from sos.survivors.contact_rules.rules import DAY, Calls, Hours, Rules, spans

OPTION: Final = Option("contact", "option.contact")
_NEVER: Final = Option("never", "option.hours.never")
_ANY: Final = Option("any", "option.hours.any")
_HERE: Final = Option("here", "option.channel.here")
_LAST: Final = Option("last", "option.channel.last")
_CALLS: Final = tuple(Option(calls.value, f"option.calls.{calls.value}") for calls in Calls)
_HOURS: Final = re.compile(r"(?<!\d)([01]?\d|2[0-4])(?:[:.]([0-5]\d))?\s*[-–—]\s*([01]?\d|2[0-4])(?:[:.]([0-5]\d))?(?!\d)")


def hours_of(text: str) -> Hours | None:
    """Every span such as `10-12` or `21:30-7` in this text; None where there is none, or one ends past midnight's 24:00."""
    found: list[tuple[int, int]] = []
    for opens, opens_minute, closes, closes_minute in _HOURS.findall(text):
        start, end = int(opens) * 60 + int(opens_minute or 0), int(closes) * 60 + int(closes_minute or 0)
        if max(start, end) > DAY:
            return None
        found += spans(start % DAY, end)
    return tuple(sorted(found)) or None


def _begin(state: State, desk: Desk) -> Answer:
    asked = proof.asked_first(state, desk, after="contact")
    if asked is not None:
        return asked
    here = state.wishes(hours=None, where=None).goes("contact.hours")
    return Answer(here, (_ask_hours(here, desk),))


def _ask_hours(_: State, __: Desk) -> Reply:
    return Reply("contact.hours", options=(_NEVER, _ANY, SKIP, STOP_HERE))


def _take_hours(turn: Turn, value: str | None) -> Answer | None:
    state = turn.state
    if value in (_NEVER.value, SKIP.value):
        return _keep(state.wishes(hours=[]), turn.desk, Calls.NEVER) if value == _NEVER.value else Answer(state, then="contact.calls")
    hours: Hours | None = ((0, DAY),) if value == _ANY.value else hours_of(turn.text)
    if hours is None:
        return Answer(state, (Reply("contact.hours.again", options=(_NEVER, _ANY, SKIP, STOP_HERE)),))
    return Answer(state.wishes(hours=[list(span) for span in hours]), then="contact.channel")


def _ask_channel(_: State, __: Desk) -> Reply:
    return Reply("contact.channel", options=(_HERE, _LAST, SKIP, STOP_HERE))


def _take_channel(turn: Turn, value: str | None) -> Answer | None:
    """Skipped is here: the narrower of the two."""
    if value is None:
        return None
    return Answer(turn.state.wishes(where=None if value == _LAST.value else turn.desk.channel.value), then="contact.calls")


def _ask_calls(_: State, __: Desk) -> Reply:
    return Reply("contact.calls", options=(*_CALLS, SKIP, STOP_HERE))


def _take_calls(turn: Turn, value: str | None) -> Answer | None:
    if value is None:
        return None
    return _keep(turn.state, turn.desk, Calls.NEVER if value == SKIP.value else Calls(value))


def _keep(state: State, desk: Desk, calls: Calls) -> Answer:
    stored: dict[str, Any] = {"hours": state.wish.get("hours") or [], "channel": state.wish.get("where"), "calls": calls.value}
    rules = Rules.from_json(stored | {"zone": desk.wall(state.country).key})
    desk.keep_contact_rules(rules)
    here = state.wishes(hours=None, where=None).goes("contact.done")
    return Answer(here, (Reply("contact.kept", {"hours": _read_back(rules.hours)}, (MENU, STOP_HERE)),))


def _read_back(hours: Hours) -> object:
    if not hours:
        return Say(_NEVER.key)
    if hours == ((0, DAY),):
        return Say(_ANY.key)
    shown = (hours[1][0], hours[0][1]) if len(hours) == 2 and hours[0][0] == 0 and hours[1][1] == DAY else None
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in ((shown,) if shown else hours[:3]))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _done(_: State, __: Desk) -> Reply:
    return Reply("menu.more", options=(MENU, STOP_HERE))


def _take_done(turn: Turn, value: str | None) -> Answer | None:
    return Answer(turn.state, then=value) if value else None


STEPS = (
    Step("contact", _ask_hours, _take_hours, begin=_begin),
    Step("contact.hours", _ask_hours, _take_hours, free=True),
    Step("contact.channel", _ask_channel, _take_channel),
    Step("contact.calls", _ask_calls, _take_calls),
    Step("contact.done", _done, _take_done),
)
