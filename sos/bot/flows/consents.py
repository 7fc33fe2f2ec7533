"""What she agreed to: read back, ended sooner, ended now; and how it went where it is over (DOMAIN 39, 40). Nothing is agreed to here.

Reading waits for the check word. Ending waits for nothing: without the word it stops being readable at once and a person asks her; with it it
is final; she reads the same words either way, and whether there was anything at all.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sos.alerts.states import Mark
from sos.bot.commands import Said
from sos.bot.engine import Answer, State
from sos.bot.flows import leave, marks, proof, sos
from sos.bot.flows.desk import Agreed, Desk, Step, Turn
from sos.bot.flows.options import MENU, SKIP, STOP_HERE
from sos.bot.messages import Listing, Option, Reply, Say
from sos.survivors.words import Word

SHORTER: Final = timedelta(days=7)
MOST: Final = 6
END_NOW: Final = Option("end_now", "option.consent.end")
IN_A_WEEK: Final = Option("week", "option.consent.week")
_HOW: Final = tuple(Option(value, f"option.feedback.{value}") for value in ("good", "partly", "bad"))
_NAMED: Final = 2
"""So many fields are named in one text; more are counted, never left out in silence."""
_LONGEST_NAME: Final = 34
_ANOTHER_PERSON: Final = frozenset({"third"})
"""Steps at which somebody else writes: what she proved before does not stand for them."""


def ordered(turn: Turn, said: Said) -> Answer:
    """End one or all, whoever writes."""
    _end(turn, said.about)
    return marks.noted(turn.state)


def left(turn: Turn, said: Said) -> Answer:
    """STOP, alone, is what people and carriers mean by "leave me alone": it ends the talk, and all sharing with it. 0 and EXIT end the talk only."""
    if said.stops:
        _end(turn, "")
    return leave.leave(turn.state)


def in_cover(turn: Turn) -> None:
    """Under the cover an ordinary office answers; what she ends is ended all the same."""
    said = turn.command
    if said is not None and (said.stops or said.about or said.command.value == "withdraw"):
        turn.desk.withdraw(said.about, verified=False)


def _end(turn: Turn, code: str) -> None:
    another = turn.state.step in _ANOTHER_PERSON or sos.FOR_ANOTHER in turn.state.told
    verified = turn.state.verified and not another
    turn.desk.withdraw(code, verified=verified)
    if not verified:
        turn.desk.mark(Mark.WITHDRAWAL)


def line(one: Agreed) -> Reply:
    """One receipt as it is spoken back to her: who, what, until, and how to end it."""
    if one.stopped:
        return Reply("consent.stopped", {"code": one.code}, secret=True)
    values = {"agency": named(one.agency), "fields": what(one.fields), "date": one.until.date(), "code": one.code}
    return Reply("consent.given", values, secret=True)


def named(agency: str | Say) -> str | Say:
    """Who, short enough for one text."""
    if isinstance(agency, Say) or len(agency) <= _LONGEST_NAME:
        return agency
    return f"{agency[: _LONGEST_NAME - 3].rstrip()}..."


def what(fields: tuple[str, ...]) -> Say | Listing:
    """Which fields: named where there are few, else counted."""
    if not fields:
        return Say("consent.what.nothing")
    if len(fields) > _NAMED:
        return Say("consent.what.count", {"n": len(fields)})
    return Listing(tuple(Say(f"consent.field.{name}") for name in fields))


def _begin(state: State, desk: Desk) -> Answer:
    if not desk.has_word(Word.CHECK):
        here = state.goes("consents.word")
        return Answer(here, (_word_question(here, desk),))
    asked = proof.asked_first(state, desk, after="consents")
    if asked is not None:
        return asked
    if desk.asks_how_it_went() is not None:
        here = state.goes("consents.feedback")
        return Answer(here, (_feedback_question(here, desk),))
    here = state.goes("consents")
    return Answer(here, (*(line(one) for one in desk.agreed_to()[:MOST]), _question(here, desk)))


def _word_question(_: State, __: Desk) -> Reply:
    return proof.word_first("consent.word_first")


def _take_word(turn: Turn, value: str | None) -> Answer | None:
    return proof.agree(turn.state) if value == proof.AGREE.value else None


def _question(_: State, desk: Desk) -> Reply:
    standing = desk.agreed_to()[:MOST]
    if not standing:
        return Reply("consent.none", options=(MENU, STOP_HERE))
    return Reply("consent.ask", options=(*(Option(one.code, "option.consent.one", {"code": one.code}) for one in standing), STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value is None:
        return None
    return Answer(turn.state, then="menu") if value == MENU.value else Answer(turn.state.wishes(consent=value), then="consents.one")


def _one_question(state: State, desk: Desk) -> Reply:
    code = str(state.wish.get("consent") or "")
    found = next((one for one in desk.agreed_to() if one.code == code), None)
    shorter = (IN_A_WEEK,) if found and not found.stopped and found.until - desk.now > SHORTER else ()
    return Reply("consent.one", {"code": code}, (END_NOW, *shorter, STOP_HERE))


def _take_one(turn: Turn, value: str | None) -> Answer | None:
    state, code = turn.state, str(turn.state.wish.get("consent") or "")
    if value == END_NOW.value:
        _end(turn, code)
        return marks.noted(state.wishes(consent=None).goes())
    if value == IN_A_WEEK.value and state.verified:
        until = turn.desk.now + SHORTER
        turn.desk.shorten(code, until)
        said = Reply("consent.shortened", {"code": code, "date": until.date()}, secret=True)
        return Answer(state.wishes(consent=None).goes(), (said,), then="menu")
    return None


def _feedback_question(_: State, __: Desk) -> Reply:
    return Reply("consent.feedback", options=(*_HOW, SKIP, STOP_HERE))


def _take_feedback(turn: Turn, value: str | None) -> Answer | None:
    about = turn.desk.asks_how_it_went()
    if value is None:
        return None
    if about is None:  # asked long ago, or told from another device
        return Answer(turn.state, then="menu")
    turn.desk.tell_how_it_went(about, "" if value == SKIP.value else value)
    noted = marks.noted(turn.state.goes())
    return replace(noted, then="consents")


STEPS = (
    Step("consents", _question, _take, _begin),
    Step("consents.word", _word_question, _take_word),
    Step("consents.one", _one_question, _take_one),
    Step("consents.feedback", _feedback_question, _take_feedback),
)
