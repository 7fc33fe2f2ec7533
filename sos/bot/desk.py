"""The rooms as one message sees them: `Desk` of the flows, on the real rooms. Narrows them to her and to this unit of work; decides nothing."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sos.alerts import standing
from sos.alerts.actions import OpenAlert, Raised
from sos.alerts.check_ins import queries as check_ins
from sos.alerts.check_ins.actions import Plan, counts_from
from sos.alerts.check_ins.errors import AlreadyRuns
from sos.alerts.check_ins.queries import OpenCheckIn
from sos.alerts.check_ins.states import Then
from sos.alerts.raising import Another
from sos.alerts.states import Alert, Mark, Note
from sos.bot.engine import State
from sos.bot.flows.desk import Agreed
from sos.bot.messages import Attached, Channel, Say
from sos.conversations import queries as conversations
from sos.conversations.actions import Direction
from sos.db.database import Unit
from sos.db.types import new_id
from sos.directory import queries as directory
from sos.directory.categories import Category
from sos.directory.jurisdictions import Number
from sos.directory.matching.answer import Matched
from sos.directory.matching.wish import Wish
from sos.encryption import CannotOpen
from sos.geo.naming import folded_name
from sos.geo.places import Place
from sos.outbox import offers
from sos.outbox import queries as outbox
from sos.referrals.consents import states as sharing
from sos.referrals.consents.errors import NoEnd, NoSuchConsent
from sos.referrals.consents.receipts import Recipient
from sos.referrals.offers.states import OfferKind
from sos.rooms import Rooms
from sos.staff.duty import queries as duty
from sos.staff.states import TaskKind
from sos.survivors.actions import Known
from sos.survivors.contact_rules import actions as contact_rules
from sos.survivors.contact_rules.rules import Rules
from sos.survivors.evidence.actions import Original, Wanted
from sos.survivors.evidence.errors import TooLarge
from sos.survivors.evidence.states import Medium
from sos.survivors.safety_plan.actions import OwnPlan
from sos.survivors.safety_plan.states import Part
from sos.survivors.words import Word

COUNTRY_OF: Final[Mapping[str, str]] = {"+383": "XK", "+381": "RS"}
_ENDING: Final = frozenset({Mark.CANCEL, Mark.WITHDRAWAL, Mark.SAFE})
STILL_DELETABLE: Final = timedelta(hours=47)
"""Telegram lets messages be deleted for 48 hours; an hour is left for the way."""


@dataclass(slots=True)
class RoomsDesk:
    """The rooms as one message sees them: `Desk` of the flows, on the real rooms."""

    rooms: Rooms
    unit: Unit
    known: Known
    erased: bool = field(default=False)
    to_delete: tuple[int, ...] = field(default=(), repr=False)  #: messages of this chat that she wants gone
    offer: str = ""  #: the outbox id under which they wait for her choice
    _said: dict[str, Word | None] = field(default_factory=dict, repr=False)

    @property
    def now(self) -> datetime:
        return self.unit.now

    @property
    def channel(self) -> Channel:
        return self.known.address.channel

    @property
    def home(self) -> str | None:
        if self.channel is not Channel.SMS:
            return None
        return next((country for prefix, country in COUNTRY_OF.items() if self.known.address.value.startswith(prefix)), None)

    @property
    def categories(self) -> Mapping[str, Category]:
        return self.rooms.categories.by_slug

    @property
    def languages(self) -> tuple[str, ...]:
        return self.rooms.texts.languages

    def record(self, body: dict[str, Any], direction: Direction) -> None:
        """Add a line to the transcript."""
        known = self.known
        self.rooms.conversations.record(
            self.unit, body, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, direction=direction
        )

    def open_alert(self) -> OpenAlert | None:
        return self.rooms.alerts.open_for(self.unit, self.known.address)

    def standing(self) -> Alert | None:
        found = self.open_alert()
        return standing.state_of(self.unit.conn, found.id) if found else None

    def another_person(self) -> Another:
        return self.rooms.alerts.another_person(self.unit, self.known.address)

    def somebody_on_duty(self) -> bool:
        answers = self.rooms.alerts.duty_answers(self.unit, self.known.address)
        return bool(duty.in_reach(self.unit.conn, self.now)) if answers is None else answers

    def staffed_at(self, at: datetime) -> bool:
        return duty.staffed_at(self.unit.conn, at)

    def wall(self, country: str | None) -> ZoneInfo:
        return self.rooms.jurisdictions.zone(country or self.home)

    def check_in(self) -> OpenCheckIn | None:
        return check_ins.open_of(self.unit.conn, self.known.id)

    def agree_check_in(self, due: datetime, then: Then, *, state: State) -> bool:
        plan = Plan(police_barred=state.police_barred, language=state.language, country=state.country or self.home)
        with contextlib.suppress(AlreadyRuns):
            self.rooms.check_ins.agree(self.unit, self.known, due=due, then=then, plan=plan)
            return True
        return False

    def end_check_in(self) -> None:
        self.rooms.check_ins.end(self.unit, self.known.id)

    def check_word_said(self) -> None:
        self.rooms.check_ins.word_said(self.unit, self.known)

    def awaits_check_in(self) -> bool:
        found = self.check_in()
        return found is not None and self.now >= counts_from(made_at=found.made_at, due=found.due)

    def check_in_gap_told(self) -> None:
        found = self.check_in()
        if found is not None:
            self.rooms.check_ins.gap_told(self.unit, found.id)

    def keep_contact_rules(self, rules: Rules) -> None:
        contact_rules.keep(self.unit, self.known.id, self.known.key, rules)

    def raise_alert(self, reason: str, words: str, *, state: State | None = None, reasons: Iterable[str] = ()) -> Raised:
        return self.rooms.alerts.raise_alert(
            self.unit,
            address=self.known.address,
            survivor_id=self.known.id,
            reason=reason,
            words=words,
            reasons=tuple(reasons),
            language=state.language if state else None,
            country=(state.country if state else None) or self.home,
        )

    def add(self, kind: Note, text: str) -> None:
        self.rooms.alerts.add(self.unit, self.known.address, kind, text)

    def mark(self, kind: Mark) -> None:
        self.rooms.alerts.mark(self.unit, self.known.address, kind)
        if kind in _ENDING:
            self.rooms.check_ins.mark_cancel(self.unit, self.known.id)

    def leave_task(self, kind: TaskKind, note: str = "") -> None:
        self.rooms.tasks.leave(self.unit, kind=kind, survivor_id=self.known.id, note=note, key=self.known.key.raw)

    def said_word(self, text: str) -> Word | None:
        if text not in self._said:
            self._said[text] = self.rooms.survivors.said_word(self.unit, self.known, text)
        return self._said[text]

    def has_word(self, kind: Word) -> bool:
        return self.rooms.survivors.has_word(self.unit, self.known, kind)

    def agree_word(self, kind: Word, word: str) -> None:
        self.rooms.survivors.agree_word(self.unit, self.known, kind, word)

    def code_phrase(self) -> str:
        return self.rooms.survivors.code_phrase(self.unit, self.known)

    def revoke_phrase(self) -> None:
        self.rooms.survivors.revoke_phrase(self.unit, self.known)

    def page_code(self) -> str | None:
        return self.rooms.web_codes.make(self.unit, self.known) if self._holds_nothing(self.known) else None

    def join_page(self, code: str) -> bool:
        channel, address = self.channel.value, self.known.address.value
        joined = self.rooms.reach.may_try(self.unit, channel, address) and self.rooms.web_codes.redeem(
            self.unit, code, self.known, may_join=self._holds_nothing
        )
        if not joined:
            self.rooms.reach.missed(self.unit, channel, address)
        return joined

    def _holds_nothing(self, page: Known) -> bool:
        """Whether nothing is kept or open at this address that would be lost with it."""
        is_open = self.rooms.alerts.open_for(self.unit, page.address) is not None or check_ins.open_of(self.unit.conn, page.id) is not None
        return not is_open and not self.rooms.survivors.has_word(self.unit, page, Word.CHECK)

    def close_pages(self) -> None:
        self.rooms.web_codes.close_pages(self.unit, self.known)

    def erase(self, *, verified: bool) -> None:
        self.rooms.erasure.erase(self.unit, self.known, verified=verified)
        self.erased = True

    def delete_chat(self) -> None:
        self.to_delete = self._in_this_chat()

    def offer_chat(self) -> str | None:
        self.to_delete = self._in_this_chat()
        self.offer = new_id() if self.to_delete else ""
        return self.offer or None

    def accept_offer(self, offer: str) -> bool:
        address = offers.address_of(self.unit, self.rooms.keystore, offer)
        return address == self.known.address.value and offers.accept(self.unit, offer)

    def _in_this_chat(self) -> tuple[int, ...]:
        """Every message of the last two days in this chat, hers and ours, that we know by its id. Asked before her key is destroyed."""
        known, since = self.known, self.unit.now - STILL_DELETABLE
        found = conversations.references(self.unit.conn, survivor_id=known.id, key=known.key.raw, contact_id=known.contact_id, since=since)
        for row, sealed in outbox.references(self.unit.conn, survivor_id=known.id, contact_id=known.contact_id, since=since):
            with contextlib.suppress(CannotOpen, UnicodeDecodeError):  # one damaged row must not keep the others in her chat
                found += known.key.open(sealed, table="outbox", column="provider_ref", row=row).decode().split(",")
        return tuple(sorted({int(reference) for reference in found if reference.isascii() and reference.isdecimal()}))

    def own_plan(self) -> OwnPlan:
        return self.rooms.own_plans.read(self.unit.conn, survivor_id=self.known.id, key=self.known.key)

    def write_plan(self, part: Part, text: str) -> None:
        self.rooms.own_plans.write(self.unit, part, text, survivor_id=self.known.id, key=self.known.key)

    def skip_plan(self, part: Part) -> None:
        self.rooms.own_plans.skip(self.unit, part, survivor_id=self.known.id, key=self.known.key)

    def erase_plan(self) -> None:
        self.rooms.own_plans.erase(self.unit, survivor_id=self.known.id)

    def keep_words(self, text: str, *, sent_at: datetime | None, received_at: datetime | None) -> int:
        original = Original(
            Medium.WORDS,
            text.encode(),
            self.channel.value,
            received_at=received_at or self.now,
            sent_at=sent_at,
            media_type="text/plain; charset=utf-8",
        )
        return self.rooms.evidence.keep(self.unit, original, survivor_id=self.known.id, key=self.known.key).n

    def fetch(self, file: Attached, *, sent_at: datetime | None, received_at: datetime | None) -> bool:
        wanted = Wanted(
            Medium.PHOTO if file.kind == "photo" else Medium.FILE,
            file.reference,
            self.known.contact_id,
            self.channel.value,
            received_at=received_at or self.now,
            sent_at=sent_at,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
        )
        with contextlib.suppress(TooLarge):
            self.rooms.evidence.want(self.unit, wanted, survivor_id=self.known.id, key=self.known.key)
            return True
        return False

    def erase_evidence(self) -> None:
        self.rooms.evidence.erase_all(self.unit, survivor_id=self.known.id)

    def wish_offers(self, kind: OfferKind, area: str | None) -> None:
        today = self.now.astimezone(self.wall(area[:2].upper() if area else None)).date()
        self.rooms.offers.wish(self.unit, survivor_id=self.known.id, kind=kind, area=area, today=today)

    def stop_offers(self) -> None:
        for kind in OfferKind:
            self.rooms.offers.unwish(self.unit, survivor_id=self.known.id, kind=kind)

    def agreed_to(self) -> tuple[Agreed, ...]:
        found = self.rooms.consents.of(self.unit, self.known.id)
        return tuple(
            Agreed(one.code, self._agency(one.recipient), sharing.ordered(one.fields), one.until, stopped=not one.opens(self.now))
            for one in found
        )

    def _agency(self, recipient: Recipient) -> str | Say:
        if recipient.kind == "outside":
            return recipient.id
        named = directory.service(self.unit.conn, recipient.id) if recipient.kind == "service" else None
        return named.name if named else Say("consent.who.count" if recipient.kind == "count" else "consent.who.house")

    def withdraw(self, code: str, *, verified: bool) -> None:
        rooms, unit, hers = self.rooms, self.unit, self.known.id
        stands = rooms.consents.stands(unit.conn, hers)
        try:
            rooms.consents.withdraw(unit, hers, code=code or None, verified=verified)
        except NoSuchConsent:
            verified = False  # a code that nobody gave her: a person asks which one she meant
        if stands and not verified:
            self.leave_task(TaskKind.CONSENT_WITHDRAWN)

    def shorten(self, code: str, until: datetime) -> None:
        with contextlib.suppress(NoSuchConsent, NoEnd):
            self.rooms.consents.shorten(self.unit, self.known.id, code, until)

    def asks_how_it_went(self) -> str | None:
        return self.rooms.referrals.asks_her(self.unit.conn, self.known.id)

    def tell_how_it_went(self, about: str, answer: str) -> None:
        self.rooms.referrals.her_word(self.unit, self.known.id, about, answer)

    def match(self, wish: Wish, *, without_authorities: bool) -> Matched:
        return self.rooms.match(self.unit.conn, wish, self.unit.now, without_authorities=without_authorities)

    def numbers(self, country: str | None, purposes: Iterable[str], *, without_authorities: bool) -> tuple[Number, ...]:
        return self.rooms.jurisdictions.numbers(
            country, at=self.unit.now, without_authorities=without_authorities, purposes=tuple(purposes)
        )

    def barred_numbers(self) -> frozenset[str]:
        """Every number of an authority, anywhere."""
        found = self.rooms.jurisdictions.by_country.values()
        return frozenset(number.number for one in found for number in one.numbers if number.authority)

    def place(self, place_id: str) -> Place | None:
        return self.rooms.gazetteer.place(place_id)

    def municipality_at(self, latitude: float, longitude: float) -> Place | None:
        return self.rooms.gazetteer.municipality_at(latitude, longitude)

    def fold(self, name: str) -> str:
        return folded_name(name)
