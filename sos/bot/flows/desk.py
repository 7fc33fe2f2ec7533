"""What a flow may ask and do while one message is answered: the rooms, narrowed to this person and this moment. Declares; does nothing.

Everything here happens inside the one unit of work of the message. A flow gets it as an argument, so that stories run on any desk.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sos.alerts.actions import OpenAlert, Raised
from sos.alerts.check_ins.queries import OpenCheckIn
from sos.alerts.check_ins.states import Then
from sos.alerts.raising import Another
from sos.alerts.states import Alert, Mark, Note
from sos.bot.commands import Said
from sos.bot.engine import Answer, State
from sos.bot.messages import Attached, Channel, Kind, Option, Reply, Say
from sos.bot.understanding.intents import Intent, Understanding
from sos.directory.categories import Category
from sos.directory.jurisdictions import Number
from sos.directory.matching.answer import Matched
from sos.directory.matching.wish import Wish
from sos.geo.places import Located, Place
from sos.referrals.offers.states import OfferKind
from sos.staff.states import TaskKind
from sos.survivors.contact_rules.rules import Rules
from sos.survivors.safety_plan.actions import OwnPlan
from sos.survivors.safety_plan.states import Part
from sos.survivors.words import Word


@dataclass(frozen=True, slots=True)
class Agreed:
    """One thing that she agreed to. `agency`: a name, or words for one that is not named; `fields`: names of what may be seen."""

    code: str
    agency: "str | Say" = field(repr=False)
    fields: tuple[str, ...] = field(repr=False)
    until: datetime
    stopped: bool = False  #: withdrawn without the check word: nobody sees anything by it


class Desk(Protocol):
    """The rooms as one message sees them."""

    @property
    def now(self) -> datetime: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def home(self) -> str | None:
        """The country that her number suggests: orders what is shown while no place is known, and nothing else."""
        ...

    @property
    def categories(self) -> Mapping[str, Category]: ...
    @property
    def languages(self) -> tuple[str, ...]: ...

    def open_alert(self) -> OpenAlert | None: ...
    def standing(self) -> Alert | None:
        """Where her open alert stands; None where there is none."""
        ...

    def another_person(self) -> Another:
        """She asks for another person than the one who has her alert."""
        ...

    def somebody_on_duty(self) -> bool: ...
    def staffed_at(self, at: datetime) -> bool:
        """Whether somebody is expected on duty then."""
        ...

    def wall(self, country: str | None) -> ZoneInfo:
        """The wall clock of a country; of the first jurisdiction where it is unknown."""
        ...

    def check_in(self) -> OpenCheckIn | None: ...
    def agree_check_in(self, due: datetime, then: Then, *, state: State) -> bool:
        """False where one runs already."""
        ...

    def end_check_in(self) -> None: ...
    def check_word_said(self) -> None:
        """Keeps the check-in whose hour it is, or marks that it came late."""
        ...

    def awaits_check_in(self) -> bool:
        """Whether the check word would keep a check-in now."""
        ...

    def check_in_gap_told(self) -> None: ...
    def keep_contact_rules(self, rules: Rules) -> None: ...

    def raise_alert(self, reason: str, words: str, *, state: State | None = None, reasons: Iterable[str] = ()) -> Raised:
        """Raise or fold. `reasons`: what else was heard; `state`: whose language and country choose who is paged."""
        ...

    def add(self, kind: Note, text: str) -> None: ...
    def mark(self, kind: Mark) -> None: ...
    def leave_task(self, kind: TaskKind, note: str = "") -> None: ...

    def said_word(self, text: str) -> Word | None: ...
    def has_word(self, kind: Word) -> bool: ...
    def agree_word(self, kind: Word, word: str) -> None: ...
    def code_phrase(self) -> str: ...
    def revoke_phrase(self) -> None: ...
    def page_code(self) -> str | None:
        """A code of ten digits for this web page; None where something of its own is kept or open on it."""
        ...

    def join_page(self, code: str) -> bool:
        """The page that shows this code is hers, too; False for a code that is nobody's or too old, and after too many of them."""
        ...

    def close_pages(self) -> None:
        """No web page is hers any more."""
        ...

    def erase(self, *, verified: bool) -> None: ...
    def delete_chat(self) -> None:
        """Have the messages of the last two days in this chat deleted; on our side nothing changes."""
        ...

    def offer_chat(self) -> str | None:
        """Prepare the same and let it wait for her choice: the offer's id, None where there is nothing to delete. Before an erasure."""
        ...

    def accept_offer(self, offer: str) -> bool:
        """She chose it; False when the offer is gone, or was another's."""
        ...

    def own_plan(self) -> OwnPlan:
        """Her own safety plan; an empty one where there is none."""
        ...

    def write_plan(self, part: Part, text: str) -> None: ...
    def skip_plan(self, part: Part) -> None: ...
    def erase_plan(self) -> None: ...
    def keep_words(self, text: str, *, sent_at: datetime | None, received_at: datetime | None) -> int:
        """Keep these words as evidence; the number under which they are kept."""
        ...

    def fetch(self, file: Attached, *, sent_at: datetime | None, received_at: datetime | None) -> bool:
        """Have this file fetched and kept as evidence; False where it is too large."""
        ...

    def erase_evidence(self) -> None: ...
    def agreed_to(self) -> tuple[Agreed, ...]:
        """What is shared on her word, or was until it was stopped; newest first. Behind her check word only."""
        ...

    def withdraw(self, code: str, *, verified: bool) -> None:
        """End what this code names, or everything where it is empty. Never tells whether there was anything."""
        ...

    def shorten(self, code: str, until: datetime) -> None: ...
    def asks_how_it_went(self) -> str | None:
        """The id of something that is over and about which she was not asked yet. Behind her check word only."""
        ...

    def tell_how_it_went(self, about: str, answer: str) -> None:
        """Her answer; empty where she skipped it."""
        ...

    def wish_offers(self, kind: OfferKind, area: str | None) -> None:
        """She wants to hear of such offers there (a municipality's id, None: anywhere); what fits leaves a task."""
        ...

    def stop_offers(self) -> None:
        """She does not want to hear of any."""
        ...

    def match(self, wish: Wish, *, without_authorities: bool) -> Matched: ...
    def numbers(self, country: str | None, purposes: Iterable[str], *, without_authorities: bool) -> tuple[Number, ...]: ...
    def place(self, place_id: str) -> Place | None: ...
    def municipality_at(self, latitude: float, longitude: float) -> Place | None: ...
    def fold(self, name: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of hers with everything that is known about it before any room is asked."""

    state: State
    desk: Desk
    understood: Understanding
    text: str = field(repr=False, default="")
    kind: Kind = Kind.TEXT
    command: Said | None = None
    located: Located | None = None
    point: tuple[float, float] | None = field(repr=False, default=None)
    sent_at: datetime | None = None
    received_at: datetime | None = None
    file: Attached | None = field(repr=False, default=None)
    kept: bool = False  #: her words were kept at her wish (evidence, her plan), whatever else they mean
    kept_as: int = 0  #: as evidence: under this number
    labels: Callable[[Option], Iterable[str]] = field(repr=False, default=lambda _: ())

    @property
    def intent(self) -> Intent:
        return self.understood.intent

    def at(self, state: State) -> "Turn":
        """The same message, met in another state."""
        return replace(self, state=state)


Question = Callable[[State, Desk], Reply]
"""The question of a step with its options. Asked again it is the same; it only reads."""
Take = Callable[[Turn, str | None], Answer | None]
"""Her answer: the value of the option picked, or None for free text. None back: this step can do nothing with it."""
Begin = Callable[[State, Desk], Answer]
"""What happens when a step is entered; most only ask their question."""


def nothing(_: Turn, __: str | None) -> Answer | None:
    """A step that takes options only, and got none of them."""
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One question."""

    name: str
    question: Question
    take: Take = nothing
    begin: Begin | None = None
    free: bool = False  #: any words are an answer: only danger, commands and agreed words go before it
    introduced: bool = True  #: waits until the first contact is over (DOMAIN 2)

    def enter(self, state: State, desk: Desk) -> Answer:
        """Begin this step."""
        if self.begin is not None:
            return self.begin(state, desk)
        here = state.goes(self.name)
        return Answer(here, (self.question(here, desk),))
