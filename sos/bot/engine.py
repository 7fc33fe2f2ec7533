"""Where a conversation stands, and which of the offered answers a message is. Pure: no database, no clock, no channel, no words of any language.

The state is a plain value that survives a change of version: what cannot be read of it falls back to its beginning, never raises.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sos.bot.messages import Option, Reply
from sos.survivors.words import plain
from sos.texts.script import Script

SILENCE: Final = timedelta(minutes=30)
"""After so long nothing earlier is shown before the check word (DOMAIN 8)."""
END: Final = "end"
"""The answer that is always 0."""
SEPARATOR: Final = ":"
SHORTEST_BEGINNING: Final = 3
"""Letters from which the first word of an answer stands for it, where it is the only one that begins so."""
AGAIN: Final = "again"
"""As the next step: ask once more what is open, without entering it anew."""


class Introduced(StrEnum):
    """How far the first contact has come (DOMAIN 2)."""

    NOT_YET = "not_yet"
    HELLO = "hello"  #: the discreet first line was said
    LIMITS = "limits"  #: what is kept and the limits were said
    DONE = "done"


@dataclass(frozen=True, slots=True)
class State:
    """Where she stands. JSON-able by `to_json`; shown by no repr, because it tells of her."""

    language: str | None = None
    chosen: bool = False  #: she chose the language herself: no guess changes it
    second: str | None = None
    script: Script = Script.LATIN
    introduced: Introduced = Introduced.NOT_YET
    step: str = ""
    wish: Mapping[str, Any] = field(default_factory=dict)  #: the service she looks for: category, answers, what was shown
    after: str = ""  #: the step to go on to after an introduction or a doubt
    place: str | None = None  #: id of the gazetteer
    country: str | None = None
    away_from: tuple[str, ...] = ()
    police_barred: bool = False
    cover: bool = False
    locked: bool = False  #: silence or another device: `held` waits for the check word
    verified: bool = False  #: the check word was said and nothing fell silent since
    held: Mapping[str, Any] = field(default_factory=dict)
    misses: int = 0  #: messages in a row that nothing could be made of
    told: tuple[str, ...] = ()  #: notes that need saying once
    asked_places: tuple[str, ...] = ()  #: "ISO time place id", for the last day (DOMAIN 26)
    tries: tuple[str, ...] = ()  #: ISO times of words on the page of what is hers that were not right, for the last hour
    at: str = ""  #: when she last wrote, ISO
    here: str = ""  #: id of the address from which she last wrote; what was proved there is proved nowhere else

    def __repr__(self) -> str:
        return f"State(step={self.step!r}, introduced={self.introduced.value!r})"

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads again."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items() if value != _DEFAULTS[name]
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "State":
        """The state that was kept; unknown or damaged parts of it as at the beginning."""
        return cls(**{name: value for name, read in _READERS.items() if (value := read(stored.get(name))) is not None})

    def goes(self, step: str = "", **changes: Any) -> "State":
        """The same, standing at `step`."""
        return replace(self, step=step, misses=0, **changes)

    def wishes(self, **changes: Any) -> "State":
        """The same with the wish changed; a None takes a part of it away."""
        merged = {**self.wish, **changes}
        return replace(self, wish={name: value for name, value in merged.items() if value is not None})


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _texts(value: Any) -> tuple[str, ...] | None:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else None


def _mapping(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, dict) else None


def _one_of(kind: type[StrEnum]) -> Callable[[Any], StrEnum | None]:
    return lambda value: kind(value) if isinstance(value, str) and value in {member.value for member in kind} else None


_BY_NAME: Final[Mapping[str, Callable[[Any], Any]]] = {
    "script": _one_of(Script),
    "introduced": _one_of(Introduced),
    "wish": _mapping,
    "held": _mapping,
    "away_from": _texts,
    "told": _texts,
    "asked_places": _texts,
    "tries": _texts,
    "misses": _number,
}
_FLAGS: Final = frozenset({"chosen", "police_barred", "cover", "locked", "verified"})
_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    one.name: _BY_NAME.get(one.name) or (_flag if one.name in _FLAGS else _text) for one in fields(State)
}
_DEFAULTS: Final[Mapping[str, Any]] = asdict(State())


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from one message: where she stands now, and what she reads."""

    state: State
    replies: tuple[Reply, ...] = ()
    then: str = ""  #: the step to begin next; whoever knows all steps asks its question
    said_in: State | None = None  #: the state the replies are written in, where it is not `state`: no button may tell that a word was right

    def first(self, *replies: Reply) -> "Answer":
        """The same, with these replies said before."""
        return replace(self, replies=(*replies, *self.replies))


def with_numbers(options: Iterable[Option]) -> list[tuple[str, Option]]:
    """(number, option) as they are shown and typed: 1, 2, 3 ... as they stand; ending is always 0 and stands last."""
    listed = list(options)
    rest = [option for option in listed if option.value != END]
    return [(str(n), option) for n, option in enumerate(rest, 1)] + [("0", option) for option in listed if option.value == END]


_TYPED: Final = re.compile(r"^[\s(\[#.]*(\d{1,2})[\s)\].:,;-]*$")


def pick(text: str, options: tuple[Option, ...], *, labels: Callable[[Option], Iterable[str]]) -> str | None:
    """The value of the option that this whole message is: by number, by value of a button, or by its words in her language; else None."""
    numbered = with_numbers(options)
    typed = _TYPED.match(unicodedata.normalize("NFKC", text))
    if typed:
        return next((option.value for number, option in numbered if number == str(int(typed.group(1)))), None)
    word = plain(text)
    if not word or len(word) > 60:
        return None
    said = [(option.value, [plain(label) for label in labels(option)]) for _, option in numbered]
    exact = [value for value, names in said if word in names]
    begun = [value for value, names in said if len(word) >= SHORTEST_BEGINNING and any(name.startswith(f"{word} ") for name in names)]
    fits = exact or (begun if len(begun) == 1 else [])
    return fits[0] if fits else None


def is_label(text: str, options: tuple[Option, ...], *, labels: Callable[[Option], Iterable[str]]) -> bool:
    """Whether this whole message is word for word an answer's own label, in her language."""
    word = plain(text)
    return bool(word) and any(word == plain(label) for option in options for label in labels(option))


def tapped(text: str, step: str, options: tuple[Option, ...]) -> str | None:
    """The value of a tapped button, `step:value`; None for a button of another question or of none."""
    asked, _, value = text.rpartition(SEPARATOR)
    fits = asked == step and any(option.value == value for option in options)
    return value if fits else None


def fell_silent(state: State, now: datetime) -> bool:
    """Whether so much time has passed that nothing earlier may be shown."""
    try:
        return bool(state.at) and now - datetime.fromisoformat(state.at) > SILENCE
    except (ValueError, TypeError):
        return True


def locked_away(state: State) -> State:
    """The state as someone else may meet it: her language and her limits stay, everything that tells of her is held back."""
    held = {"step": state.step, "wish": dict(state.wish), "place": state.place, "country": state.country, "after": state.after}
    return replace(
        state,
        step="",
        wish={},
        after="",
        place=None,
        country=None,
        locked=True,
        verified=False,
        held=state.held if state.locked else held,
        misses=0,
        told=(),
    )


def on_another_device(state: State, here: str, *, has_word: bool) -> State:
    """What was said and proved at one address is not shown at another one before the check word; who has none begins anew. Cover stays on."""
    if state.here in ("", here) or state.cover:
        return state
    hidden = locked_away(state)
    return hidden if has_word else replace(hidden, locked=False, held={})


def unlocked(state: State) -> State:
    """What was held back, given back."""
    held = State.from_json(state.held)
    return replace(
        state,
        step=held.step,
        wish=held.wish,
        after=held.after,
        place=held.place,
        country=held.country,
        locked=False,
        verified=True,
        held={},
    )
