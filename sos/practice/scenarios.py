"""The simulated people: `config/practice/scenarios/*.toml`, dated, invented, written for this project. Never holds a real person's story.

A broken file is left out and named in `problems`; the others stay in use.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sos.practice.errors import BadScript
from sos.practice.states import Difficulty, Run, Topic
from sos.practice.topics import LANGUAGES

Words = Mapping[str, tuple[str, ...]]
"""language -> lines"""
_SLUG = re.compile(r"[a-z0-9_]{3,40}")
_ENDS = {"went_on": Run.WENT_ON, "left": Run.LEFT}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a topic, and where the script goes on."""

    topic: Topic
    says: Words
    go: str | None = None
    needs: frozenset[Topic] = frozenset()
    """only after these were asked"""


@dataclass(frozen=True, slots=True)
class Silence:
    """What happens when the member has not written for so long. `seconds` since the last line of either."""

    seconds: int
    says: Words
    go: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the script. A step with `end` is the last."""

    id: str
    says: Words
    answers: tuple[Answer, ...] = ()
    silences: tuple[Silence, ...] = ()
    otherwise: Words = field(default_factory=dict)
    end: Run | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One simulated person."""

    slug: str
    version: str
    title: str
    brief: str
    difficulty: Difficulty
    review: str
    start: str
    leaves: str
    """the step to which too many slips lead"""
    patience: int
    """slips that are borne"""
    should: tuple[Topic, ...]
    """what a good exercise has asked, in the order of the debrief"""
    first: tuple[Topic, ...]
    """what must come before `later`"""
    later: tuple[Topic, ...]
    steps: Mapping[str, Step]
    answers: tuple[Answer, ...] = ()
    """to topics that a step itself does not answer"""
    slips: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenarios:
    """All of them by slug."""

    by_slug: Mapping[str, Scenario]
    problems: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: Path) -> "Scenarios":
        """Read `folder/*.toml`; never raises."""
        found: dict[str, Scenario] = {}
        problems: list[str] = []
        for path in sorted(folder.glob("*.toml")):
            try:
                read = read_scenario(path)
                found[read.slug] = read
            except BadScript as error:
                problems.append(str(error))
        order = list(Difficulty)
        return cls(dict(sorted(found.items(), key=lambda item: (order.index(item[1].difficulty), item[0]))), tuple(problems))


def read_scenario(path: Path) -> Scenario:
    """One file. Raises BadScript with the one thing that is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return _scenario(content, path.stem)
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise BadScript(f"{path.name}: cannot be read: {type(error).__name__}") from None
    except KeyError as error:
        raise BadScript(f"{path.name}: {error.args[0]} is missing") from None
    except (TypeError, ValueError) as error:
        raise BadScript(f"{path.name}: {error}") from None


def _scenario(content: Mapping[str, Any], stem: str) -> Scenario:
    if content["slug"] != stem or not _SLUG.fullmatch(stem):
        raise ValueError("slug must be the name of the file")
    steps = {table["id"]: _step(table) for table in content["step"]}
    made = Scenario(
        slug=stem,
        version=str(content["version"]),
        title=content["title"],
        brief=content["brief"],
        difficulty=Difficulty(content["difficulty"]),
        review=content["review"],
        start=content["start"],
        leaves=content["leaves"],
        patience=int(content["patience"]),
        should=tuple(Topic(name) for name in content["should"]),
        first=tuple(Topic(name) for name in content["first"]),
        later=tuple(Topic(name) for name in content["later"]),
        steps=steps,
        answers=tuple(_answer(table) for table in content.get("answer", ())),
        slips=tuple(_answer(table) for table in content.get("slip", ())),
    )
    _check(made)
    return made


def _step(table: Mapping[str, Any]) -> Step:
    silences = tuple(Silence(int(entry["seconds"]), _words(entry.get("says", {})), entry.get("go")) for entry in table.get("silence", ()))
    end = table.get("end")
    if end is not None and end not in _ENDS:
        raise ValueError(f"step {table['id']} ends as {end}, which is none of went_on, left")
    return Step(
        id=table["id"],
        says=_words(table.get("says", {})),
        answers=tuple(_answer(entry) for entry in table.get("answer", ())),
        silences=tuple(sorted(silences, key=lambda silence: silence.seconds)),
        otherwise=_words(table.get("otherwise", {})),
        end=_ENDS[end] if end else None,
    )


def _answer(table: Mapping[str, Any]) -> Answer:
    needs = frozenset(Topic(name) for name in table.get("needs", ()))
    return Answer(Topic(table["topic"]), _words(table.get("says", {})), table.get("go"), needs)


def _words(table: Mapping[str, Any]) -> Words:
    """Either nothing, or every language."""
    if table and set(table) != set(LANGUAGES):
        raise ValueError(f"words are missing in {', '.join(sorted(set(LANGUAGES) - set(table)) or ['one language'])}")
    return {code: (lines,) if isinstance(lines, str) else tuple(lines) for code, lines in table.items()}


def _check(made: Scenario) -> None:
    reached, waiting = set[str](), [made.start, made.leaves]
    while waiting:
        name = waiting.pop()
        if name not in made.steps:
            raise ValueError(f"step {name} does not exist")
        if name not in reached:
            reached.add(name)
            waiting += _ways_on(made, made.steps[name])
    if unreached := sorted(set(made.steps) - reached):
        raise ValueError(f"step {unreached[0]} is never reached")
    if not any(step.end is Run.WENT_ON for step in made.steps.values()) or made.steps[made.leaves].end is not Run.LEFT:
        raise ValueError("there must be an end that goes on, and the step that leaves must end")
    if any(step.end is None and not step.otherwise for step in made.steps.values()):
        raise ValueError("a step that goes on needs words for `otherwise`")


def _ways_on(made: Scenario, step: Step) -> list[str]:
    answers = [answer.go for answer in (*step.answers, *made.answers, *made.slips)]
    return [name for name in (*answers, *(silence.go for silence in step.silences)) if name]
