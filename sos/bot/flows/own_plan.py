"""Her own safety plan in short pieces: each can be skipped, written today or tomorrow, changed, read back and deleted (DOMAIN 8, 19).

Kept only under a check word; without one she may read the pieces and nothing is kept. Asks no why, promises nothing, and no piece is looked at here.
"""

from dataclasses import replace
from typing import Final

from sos.bot.engine import AGAIN, Answer, State, pick
from sos.bot.flows import proof
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import GO_ON, NO, SKIP, STOP_HERE, YES
from sos.bot.messages import Kind, Option, Reply, Say
from sos.survivors.safety_plan.actions import LONGEST, OwnPlan
from sos.survivors.safety_plan.states import Part
from sos.survivors.words import Word

WRITING: Final = "plan.part"
UNKEPT: Final = Option("unkept", "option.plan.unkept")
READ: Final = Option("read", "option.plan.read")
ANEW: Final = Option("anew", "option.plan.anew")
DELETE: Final = Option("delete", "option.plan.delete")
_BRACES: Final = str.maketrans("{}", "()")
"""Her text stands in a text of ours, where a brace would be a placeholder."""


def _begin(state: State, desk: Desk) -> Answer:
    if not desk.has_word(Word.CHECK):
        here = state.goes("plan.word")
        return Answer(here, (_word_question(here, desk),))
    asked = proof.asked_first(state, desk, after="plan")
    if asked is not None:
        return asked
    here = state.goes("plan")
    return Answer(here, (_question(here, desk),))


def _word_question(_: State, __: Desk) -> Reply:
    return proof.word_first("plan.word_first", UNKEPT)


def _take_word(turn: Turn, value: str | None) -> Answer | None:
    if value == proof.AGREE.value:
        return proof.agree(turn.state)
    return Answer(_at(turn.state, next(iter(Part)), mode="unkept"), then=WRITING) if value == UNKEPT.value else None


def _question(_: State, desk: Desk) -> Reply:
    plan = desk.own_plan()
    begun = (READ, ANEW, DELETE) if plan.parts else (DELETE,) if plan.skipped else ()
    return Reply("plan.ask", options=(*((GO_ON,) if plan.next else ()), *begun, STOP_HERE))


def _take(turn: Turn, value: str | None) -> Answer | None:
    state, desk = turn.state, turn.desk
    match value:
        case GO_ON.value:
            return Answer(_at(state, desk.own_plan().next or Part.PHONE), then=WRITING)
        case ANEW.value:
            return Answer(_at(state, Part.PHONE, mode="anew"), then=WRITING)
        case READ.value:
            return Answer(state, _lines(desk.own_plan()), then=AGAIN)
        case DELETE.value:
            return Answer(state, then="plan.delete")
    return None


def _lines(plan: OwnPlan) -> tuple[Reply, ...]:
    """Each piece by itself, shown once and kept in no transcript."""
    return tuple(
        Reply("plan.line", {"what": Say(f"plan.name.{part.value}"), "text": plan.parts[part].translate(_BRACES)}, secret=True)
        for part in Part
        if part in plan.parts
    )


def _at(state: State, part: Part, *, mode: str | None = None) -> State:
    return state.wishes(part=part.value, plan=mode)


def _part(state: State) -> Part:
    asked = state.wish.get("part")
    return Part(asked) if asked in {part.value for part in Part} else Part.PHONE


def _mode(state: State) -> str:
    return str(state.wish.get("plan") or "")


def _part_question(state: State, _: Desk) -> Reply:
    go_on = GO_ON if _mode(state) == "unkept" else SKIP
    return Reply(f"plan.part.{_part(state).value}", options=(go_on, STOP_HERE))


def _begin_part(state: State, desk: Desk) -> Answer:
    here = state.goes(WRITING)
    first = (Reply("plan.unkept"),) if _mode(state) == "unkept" else ()
    return Answer(here, (*first, _part_question(here, desk)))


def heard(turn: Turn) -> Turn:
    """Keep the piece that she writes, before anything else is made of it. Answers, commands and what is too long are none."""
    state = turn.state
    if state.step != WRITING or _mode(state) == "unkept" or not state.verified or turn.kind is not Kind.TEXT:
        return turn
    options = _part_question(state, turn.desk).options
    if turn.command is not None or not 0 < len(turn.text.strip()) <= LONGEST or pick(turn.text, options, labels=turn.labels):
        return turn
    turn.desk.write_plan(_part(state), turn.text.strip())
    return replace(turn, kept=True)


def _take_part(turn: Turn, value: str | None) -> Answer | None:
    state, part = turn.state, _part(turn.state)
    if value == SKIP.value:
        turn.desk.skip_plan(part)
    elif value is None and not turn.kept and _mode(state) != "unkept":
        return Answer(state, (Reply("plan.too_long", {"limit": LONGEST}),)) if turn.text.strip() else None
    following = _after(part) if _mode(state) else turn.desk.own_plan().next
    if following is not None:
        here = _at(state, following, mode=_mode(state) or None)
        return Answer(here, (_part_question(here, turn.desk),))
    done = Reply("plan.done.unkept" if _mode(state) == "unkept" else "plan.done")
    return Answer(state.wishes(part=None, plan=None).goes(), (done,), then="menu")


def _after(part: Part) -> Part | None:
    every = list(Part)
    place = every.index(part) + 1
    return every[place] if place < len(every) else None


def _begin_delete(state: State, desk: Desk) -> Answer:
    asked = proof.asked_first(state, desk, after="plan.delete")
    if asked is not None:
        return asked
    here = state.goes("plan.delete")
    return Answer(here, (_delete_question(here, desk),))


def _delete_question(_: State, __: Desk) -> Reply:
    return Reply("plan.delete.ask", options=(YES, NO, STOP_HERE))


def _take_delete(turn: Turn, value: str | None) -> Answer | None:
    if value == YES.value:
        turn.desk.erase_plan()
        return Answer(turn.state.wishes(part=None, plan=None).goes(), (Reply("plan.deleted"),), then="menu")
    return Answer(turn.state, then="menu") if value == NO.value else None


STEPS = (
    Step("plan", _question, _take, _begin),
    Step("plan.word", _word_question, _take_word),
    Step(WRITING, _part_question, _take_part, _begin_part, free=True),
    Step("plan.delete", _delete_question, _take_delete, _begin_delete),
)
