"""How the simulated person reacts: pure rules over a scenario, a place in it and what the member wrote. Stores nothing, knows no clock."""

import json
from dataclasses import asdict, dataclass, replace

from sos.practice.scenarios import Answer, Scenario, Step
from sos.practice.states import SLIPS, Run, Topic

FALLS_SILENT = 1800
"""Seconds without a line of the member after which an exercise ends by itself."""
_AT_ONCE = 2
"""Answers to one line: people do not answer five questions at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exercise stands. Codes and seconds since its beginning: no words."""

    step: str
    asked: tuple[tuple[str, int], ...] = ()  #: every topic at its first time
    slips: tuple[tuple[str, int], ...] = ()  #: every slip, each time
    answered: tuple[str, ...] = ()  #: answers given in this step
    others: int = 0  #: how often nothing fitted
    wrote_at: int = 0  #: when either wrote last
    silences: int = 0  #: silences that have passed in this step
    lines: int = 0  #: lines of the member
    first_line: int | None = None
    ended: Run = Run.RUNNING

    @property
    def topics(self) -> frozenset[Topic]:
        return frozenset(Topic(name) for name, _ in self.asked)


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said now, and where the exercise stands then."""

    place: Place
    says: tuple[str, ...] = ()


def begin(scenario: Scenario, language: str) -> Turn:
    """The first lines."""
    return _enter(scenario, Place(scenario.start), scenario.start, language, 0)


def hear(scenario: Scenario, place: Place, topics: tuple[Topic, ...], language: str, at: int) -> Turn:
    """The member wrote a line on these topics, `at` seconds after the beginning."""
    if place.ended is not Run.RUNNING:
        return Turn(place)
    place = _noted(place, topics, at)
    if len(place.slips) > scenario.patience:
        return _enter(scenario, place, scenario.leaves, language, at)
    step = scenario.steps[place.step]
    said: list[str] = []
    for answer in _fitting(scenario, step, place, topics)[:_AT_ONCE]:
        said += answer.says.get(language, ())
        place = replace(place, answered=(*place.answered, answer.topic.value))
        if answer.go:
            turn = _enter(scenario, place, answer.go, language, at)
            return Turn(turn.place, (*said, *turn.says))
    if not said and (words := step.otherwise.get(language)):
        said.append(words[place.others % len(words)])
        place = replace(place, others=place.others + 1)
    return Turn(place, tuple(said))


def wait(scenario: Scenario, place: Place, language: str, at: int) -> Turn:
    """Time has passed: the next silence of this step, if its time is over; in the end nobody writes any more."""
    if place.ended is not Run.RUNNING:
        return Turn(place)
    still, step = at - place.wrote_at, scenario.steps[place.step]
    if place.silences < len(step.silences) and still >= step.silences[place.silences].seconds:
        silence = step.silences[place.silences]
        place = replace(place, silences=place.silences + 1)
        said = tuple(silence.says.get(language, ()))
        if silence.go is None:
            return Turn(place, said)
        turn = _enter(scenario, place, silence.go, language, at)
        return Turn(turn.place, (*said, *turn.says))
    return Turn(replace(place, ended=Run.SILENT)) if still >= FALLS_SILENT else Turn(place)


def _noted(place: Place, topics: tuple[Topic, ...], at: int) -> Place:
    known = {name for name, _ in place.asked}
    asked = tuple((topic.value, at) for topic in topics if topic not in SLIPS and topic.value not in known)
    slips = tuple((topic.value, at) for topic in topics if topic in SLIPS)
    return replace(
        place,
        asked=place.asked + asked,
        slips=place.slips + slips,
        wrote_at=at,
        lines=place.lines + 1,
        first_line=at if place.first_line is None else place.first_line,
    )


def _fitting(scenario: Scenario, step: Step, place: Place, topics: tuple[Topic, ...]) -> list[Answer]:
    """Slips are answered first; then the step's own answers, in its order; then those that hold everywhere. Each once a step."""
    own = {answer.topic for answer in step.answers}
    everywhere = [answer for answer in scenario.answers if answer.topic not in own]
    order = [*scenario.slips, *step.answers, *everywhere]
    return [
        answer for answer in order if answer.topic in topics and answer.topic.value not in place.answered and answer.needs <= place.topics
    ]


def _enter(scenario: Scenario, place: Place, name: str, language: str, at: int) -> Turn:
    step = scenario.steps[name]
    kept = tuple(answer for answer in place.answered if answer in {other.topic.value for other in (*scenario.answers, *scenario.slips)})
    place = replace(place, step=name, answered=kept, others=0, silences=0, wrote_at=max(at, place.wrote_at), ended=step.end or Run.RUNNING)
    return Turn(place, tuple(step.says.get(language, ())))


def packed(place: Place) -> str:
    """A place as it is stored."""
    return json.dumps(asdict(place))


def unpacked(stored: str) -> Place:
    """A place as it was stored."""
    found = json.loads(stored)
    pairs = {name: tuple((topic, at) for topic, at in found[name]) for name in ("asked", "slips")}
    return Place(**{**found, **pairs, "answered": tuple(found["answered"]), "ended": Run(found["ended"])})
