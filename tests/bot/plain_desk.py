"""A desk without a database, for flows that are tried thousands of times: real categories, numbers and places; alerts and tasks are lists."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sos.alerts.actions import OpenAlert, Raised
from sos.alerts.check_ins.actions import counts_from
from sos.alerts.check_ins.queries import OpenCheckIn
from sos.alerts.check_ins.states import Then
from sos.alerts.raising import Another
from sos.alerts.states import Alert, Mark, Note
from sos.bot.commands import BY_CATALOGUE, Commands
from sos.bot.engine import Answer, State
from sos.bot.flows.desk import Agreed, Turn
from sos.bot.flows.routing import respond
from sos.bot.messages import Attached, Channel, Kind
from sos.bot.rendering import Rendered, Renderer
from sos.bot.understanding.intents import Intent, Understanding
from sos.bot.understanding.understander import Understander
from sos.clock import ManualClock
from sos.directory.categories import Categories, Category
from sos.directory.entries import OrganisationEntry, PhoneEntry, PlaceEntry, ServiceEntry
from sos.directory.jurisdictions import Jurisdictions, Number
from sos.directory.matching.answer import A_PERSON, Matched
from sos.directory.matching.reasons import ENGLISH
from sos.directory.matching.wish import Match, Reason, Wish
from sos.geo.gazetteer import Gazetteer
from sos.geo.naming import folded_name
from sos.geo.places import Place
from sos.referrals.offers.states import OfferKind
from sos.staff.states import TaskKind
from sos.survivors.contact_rules.rules import Rules
from sos.survivors.evidence.states import MOST_BYTES
from sos.survivors.safety_plan.actions import OwnPlan
from sos.survivors.safety_plan.states import Part
from sos.survivors.words import Word, same
from sos.texts.catalogue import Texts

CONFIG = Path(__file__).resolve().parents[2] / "config"
START = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)


@functools.cache
def texts() -> Texts:
    return Texts.load(CONFIG / "languages")


@functools.cache
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@functools.cache
def understander() -> Understander:
    return Understander.load(CONFIG / "languages")


@functools.cache
def commands() -> Commands:
    found = texts()
    return Commands(
        (code, command, found.say(f"command.{command.value}", code).split(","))
        for code in found.languages
        for command in BY_CATALOGUE
        if found.has(f"command.{command.value}", code)
    )


@functools.cache
def jurisdictions() -> Jurisdictions:
    return Jurisdictions.load(CONFIG / "jurisdictions")


@functools.cache
def categories() -> Categories:
    return Categories.load(CONFIG / "categories.toml")


LONG_PARAMS: Mapping[str, object] = {
    "km": 1234.5, "languages": "bs, en, rom, sq, sr, tr", "whom": "children, disability, older_people", "age": 17, "until": "23:59",
    "day": "2026-11-25", "at": "08:00", "free": 100, "hours": 1000, "name": "Q" * 80, "papers": "p" * 200,
}  # fmt: skip


def service(n: int) -> ServiceEntry:
    return ServiceEntry(
        id=f"s{n}",
        organisation=OrganisationEntry("o", "Organisation"),
        name=f"Invented service {n} for people in the municipality (demonstration)",
        category="legal_aid",
        phones=(PhoneEntry("+383 00 000 101", extension="123", verified_on=date(2026, 11, 1)), PhoneEntry("+383 00 000 102")),
        places=(PlaceEntry("p", "l", address="Long demonstration street of the second brigade 133", city="Prizren"),),
    )


def match(n: int) -> Match:
    reasons = tuple(Reason(code, LONG_PARAMS) for code in ENGLISH if "." not in code or code.startswith(("near", "open", "papers", "cost")))
    entry = service(n)
    return Match(entry.id, entry.name, "legal_aid", "xk-prizren", 12.3, reasons, "p", entry)


@dataclass
class PlainDesk:
    """In memory, and with something to find as long as `to_find` lasts."""

    channel: Channel = Channel.SMS
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    to_find: int = 2
    alerts: list[str] = field(default_factory=list)
    raised_at: datetime = START
    notes: list[tuple[str, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    tasks: list[TaskKind] = field(default_factory=list)
    words: dict[Word, str] = field(default_factory=dict)
    erased: int = 0
    plan: OwnPlan = field(default_factory=OwnPlan)
    kept: list[str] = field(default_factory=list)
    asked_for: list[Attached] = field(default_factory=list)
    without_numbers: bool = False
    staffed: bool = False
    stands: Alert = Alert.RECEIVED
    agreed: OpenCheckIn | None = None
    rules: Rules | None = None
    agreements: tuple[Agreed, ...] = (Agreed("K7", "Q" * 60, ("alias", "needs"), START + timedelta(days=20)),)
    ended: list[tuple[str, bool]] = field(default_factory=list)
    over: str | None = None
    offers: dict[OfferKind, str | None] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def home(self) -> str | None:
        return None

    @property
    def categories(self) -> Mapping[str, Category]:
        return categories().by_slug

    @property
    def languages(self) -> tuple[str, ...]:
        return texts().languages

    def open_alert(self) -> OpenAlert | None:
        return OpenAlert("a", 1, len(self.alerts), self.raised_at) if self.alerts else None

    def standing(self) -> Alert | None:
        return self.stands if self.alerts else None

    def another_person(self) -> Another:
        return Another.GIVEN if self.alerts and self.stands in (Alert.TAKEN, Alert.OPENED, Alert.ANSWERED) else Another.NOBODY_HAS_IT

    def somebody_on_duty(self) -> bool:
        return self.staffed

    def staffed_at(self, at: datetime) -> bool:
        return self.staffed

    def wall(self, country: str | None) -> ZoneInfo:
        return jurisdictions().zone(country)

    def check_in(self) -> OpenCheckIn | None:
        return self.agreed

    def agree_check_in(self, due: datetime, then: Then, *, state: State) -> bool:
        if self.agreed is None:
            self.agreed = OpenCheckIn("c", "s", due, then, self.now, gap_untold=False, cancel_asked=False)
            return True
        return False

    def end_check_in(self) -> None:
        self.agreed = None

    def check_word_said(self) -> None:
        if self.awaits_check_in():
            self.agreed = None

    def awaits_check_in(self) -> bool:
        return self.agreed is not None and self.now >= counts_from(made_at=self.agreed.made_at, due=self.agreed.due)

    def check_in_gap_told(self) -> None:
        if self.agreed is not None:
            self.agreed = replace(self.agreed, gap_untold=False)

    def keep_contact_rules(self, rules: Rules) -> None:
        self.rules = rules

    def raise_alert(self, reason: str, words: str, *, state: State | None = None, reasons: Iterable[str] = ()) -> Raised:
        if not self.alerts:
            self.raised_at = self.now
        self.alerts.append(reason)
        return Raised("a", 1, len(self.alerts) > 1, len(self.alerts), self.raised_at)

    def add(self, kind: Note, text: str) -> None:
        if self.alerts:
            self.notes.append((kind.value, text))

    def mark(self, kind: Mark) -> None:
        self.marks.append(kind)

    def leave_task(self, kind: TaskKind, note: str = "") -> None:
        self.tasks.append(kind)

    def said_word(self, text: str) -> Word | None:
        return next((kind for kind, word in self.words.items() if same(word.encode(), text)), None)

    def has_word(self, kind: Word) -> bool:
        return kind in self.words

    def agree_word(self, kind: Word, word: str) -> None:
        from sos.survivors.words import plain

        self.words[kind] = plain(word)

    def code_phrase(self) -> str:
        return "umbrella parsley cucumber fountain raspberry windowsill"

    def revoke_phrase(self) -> None:
        pass

    def page_code(self) -> str | None:
        return "4821937520"

    def join_page(self, code: str) -> bool:
        return code == "4821937520"

    def close_pages(self) -> None:
        pass

    def delete_chat(self) -> None:
        pass

    def offer_chat(self) -> str | None:
        return "0" * 32

    def accept_offer(self, offer: str) -> bool:
        return False

    def erase(self, *, verified: bool) -> None:
        self.erased += 1

    def own_plan(self) -> OwnPlan:
        return self.plan

    def write_plan(self, part: Part, text: str) -> None:
        self.plan = self.plan.with_part(part, text)

    def skip_plan(self, part: Part) -> None:
        self.plan = self.plan.without(part)

    def erase_plan(self) -> None:
        self.plan = OwnPlan()

    def keep_words(self, text: str, *, sent_at: datetime | None, received_at: datetime | None) -> int:
        self.kept.append(text)
        return len(self.kept)

    def fetch(self, file: Attached, *, sent_at: datetime | None, received_at: datetime | None) -> bool:
        self.asked_for.append(file)
        return file.size_fits(MOST_BYTES)

    def agreed_to(self) -> tuple[Agreed, ...]:
        return self.agreements

    def withdraw(self, code: str, *, verified: bool) -> None:
        self.ended.append((code, verified))

    def shorten(self, code: str, until: datetime) -> None:
        self.ended.append((code, True))

    def asks_how_it_went(self) -> str | None:
        return self.over

    def tell_how_it_went(self, about: str, answer: str) -> None:
        self.over = None

    def erase_evidence(self) -> None:
        self.kept.clear()

    def wish_offers(self, kind: OfferKind, area: str | None) -> None:
        self.offers[kind] = area

    def stop_offers(self) -> None:
        self.offers.clear()

    def match(self, wish: Wish, *, without_authorities: bool) -> Matched:
        numbers = self.numbers(wish.country, ("danger", "violence", "ambulance"), without_authorities=without_authorities)
        if wish.category.confidential:
            return Matched((Match(A_PERSON, wish.category.label, wish.category.slug, None, None, ()),), (), (), numbers)
        left = [n for n in range(self.to_find) if f"s{n}" not in wish.avoid_services]
        if not left:
            return Matched((), (), ("category",), numbers)
        if left[0] % 2:
            return Matched((), (match(left[0]),), ("open", "papers", "children"), numbers)
        return Matched((match(left[0]),), (), (), numbers)

    def numbers(self, country: str | None, purposes: Iterable[str], *, without_authorities: bool) -> tuple[Number, ...]:
        if self.without_numbers:
            return ()
        return jurisdictions().numbers(country, at=self.now, without_authorities=without_authorities, purposes=tuple(purposes))

    def place(self, place_id: str) -> Place | None:
        return gazetteer().place(place_id)

    def municipality_at(self, latitude: float, longitude: float) -> Place | None:
        return gazetteer().municipality_at(latitude, longitude)

    def fold(self, name: str) -> str:
        return folded_name(name)


@dataclass
class Talk:
    """Someone who writes to flows on a plain desk, and reads what a phone would show."""

    desk: PlainDesk = field(default_factory=PlainDesk)
    state: State = field(default_factory=State)
    answer: Answer = field(default_factory=lambda: Answer(State()))
    rendered: list[Rendered] = field(default_factory=list)

    def sends(self, text: str = "", kind: Kind = Kind.TEXT, point: tuple[float, float] | None = None) -> list[str]:
        if kind is Kind.TEXT:
            understood = understander().understand(text, self.state.language)
            command, located = commands().command_of(text), gazetteer().locate(text)
        else:
            understood, command, located = Understanding(text, Intent.UNKNOWN), None, None
        if not self.state.chosen and self.state.language is None:
            self.state = replace(self.state, language=understood.language)
        self.answer = respond(Turn(self.state, self.desk, understood, text, kind, command, located, point, labels=self.renderer().labels))
        self.state = State.from_json(self.answer.state.to_json())
        self.rendered = [self.renderer().render(reply, self.state.step) for reply in self.answer.replies]
        return [one.text for one in self.rendered]

    def renderer(self) -> Renderer:
        zone = jurisdictions().zone(self.state.country)
        return Renderer.for_state(self.state, texts(), self.desk.channel, zone, default=None)

    @property
    def keys(self) -> list[str]:
        return [reply.key for reply in self.answer.replies]
