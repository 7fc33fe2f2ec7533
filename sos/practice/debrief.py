"""A short debrief of an exercise: what was asked in which order, what was missed, what slipped. Pure; codes and seconds only.

It compares with what the scenario asks for; it gives no mark and ranks nobody.
"""

from dataclasses import dataclass

from sos.practice.scenarios import Scenario
from sos.practice.script import Place
from sos.practice.states import Run, Topic


@dataclass(frozen=True, slots=True)
class Debrief:
    """`asked`: topic and seconds since the beginning, in order; `too_early`: asked before what must come first."""

    outcome: Run
    first_line: int | None
    lines: int
    asked: tuple[tuple[Topic, int], ...]
    missed: tuple[Topic, ...]
    too_early: tuple[Topic, ...]
    slips: tuple[tuple[Topic, int], ...]
    """each slip with how often"""


def debrief(scenario: Scenario, place: Place) -> Debrief:
    """What there is to say about this exercise."""
    asked = tuple((Topic(name), at) for name, at in place.asked)
    position = {topic: n for n, (topic, _) in enumerate(asked)}
    must = [position.get(topic, len(asked)) for topic in scenario.first]
    counted = {name: sum(other == name for other, _ in place.slips) for name, _ in place.slips}
    return Debrief(
        outcome=place.ended,
        first_line=place.first_line,
        lines=place.lines,
        asked=asked,
        missed=tuple(topic for topic in scenario.should if topic not in position),
        too_early=tuple(topic for topic in scenario.later if topic in position and must and position[topic] < max(must)),
        slips=tuple((Topic(name), times) for name, times in counted.items()),
    )
