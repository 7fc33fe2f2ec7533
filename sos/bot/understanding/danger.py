"""Runs the table of danger over a message read. Pure: tags in, the gravest finding out.

It must never let one clause hide another: every rule sees every clause.
"""

from dataclasses import dataclass
from typing import Final

from sos.bot.understanding.intents import Danger, Signal
from sos.bot.understanding.reading import Clause, Reading
from sos.bot.understanding.rules import RULES
from sos.bot.understanding.tags import mask

_NOW: Final = mask("now again recent here comeback")
_FAR: Final = mask("far")
_SELF: Final = mask("me dat my_body first")
_TALE: Final = mask("media sport play harmless")
_LAUGH: Final = mask("laugh")
_ANOTHER: Final = mask("other her")


@dataclass(frozen=True, slots=True)
class Finding:
    """The gravest grade, its signals; `own`: the probable danger is the writer's own, not somebody else's."""

    grade: Danger | None
    signals: frozenset[Signal]
    own: bool


def find(reading: Reading) -> Finding:
    """Run every rule over every clause (or the whole message) and keep the gravest grade."""
    far = bool(reading.all & _FAR) and not reading.all & _NOW
    grade: Danger | None = None
    signals: set[Signal] = set()
    own = False
    laughing = reading.all & _LAUGH
    doubtful_tale = reading.all & _TALE
    everything = reading.all
    whole = (Clause((), everything),)
    for rule in RULES:
        if not everything & rule.needs[0] or not all(everything & group for group in rule.needs[1:]):
            continue
        for clause in whole if rule.whole else reading.clauses:
            here = clause.all
            if (
                here & rule.unless
                or laughing & rule.unless
                or (doubtful_tale & rule.unless and rule.grade is Danger.DOUBTFUL)
                or not all(here & group for group in rule.needs)
            ):
                continue
            signals |= rule.signals
            if far and rule.past:
                signals.add(Signal.PAST_VIOLENCE)
            elif rule.grade is Danger.DOUBTFUL or clause.hypothetical:
                grade = grade or Danger.DOUBTFUL
                if clause.hypothetical:
                    signals.add(Signal.HYPOTHETICAL)
            else:
                grade = Danger.PROBABLE
                own = own or bool(here & _SELF) or not reading.all & _ANOTHER
    return Finding(grade, frozenset(signals), own)
