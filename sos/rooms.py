"""The only wiring: builds each room once and hands it what it needs. Decides nothing, reads no environment."""

from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection

from sos.alerts.actions import Alerts
from sos.alerts.book import Book, survivor_of
from sos.alerts.check_ins.actions import CheckIns
from sos.alerts.escalation.policies import Policies
from sos.alerts.escalation.staffing import Staffing
from sos.alerts.hand_off.actions import HandOff
from sos.alerts.house_alarm import HouseAlarm
from sos.alerts.queries import Reading
from sos.alerts.risk.actions import Risk
from sos.alerts.risk.questionnaire import Questionnaires
from sos.assessments import questionnaires as assessment_files
from sos.assessments.actions import Assessments
from sos.audit.actions import Audit
from sos.clock import Clock
from sos.conversations.actions import Conversations
from sos.conversations.herald import Herald, Silent
from sos.db.database import Database, Unit
from sos.db.wake import Wake
from sos.directory.categories import Categories
from sos.directory.demonstration.loading import is_empty, load_demonstration
from sos.directory.jurisdictions import Jurisdictions
from sos.directory.matching.answer import Matched, answer
from sos.directory.matching.live import LiveIndex
from sos.directory.matching.wish import Wish
from sos.encryption import index
from sos.geo.gazetteer import Gazetteer
from sos.geo.naming import folded_name
from sos.keys.keystore import Keystore
from sos.practice.actions import Practice
from sos.practice.scenarios import Scenarios
from sos.practice.topics import Topics
from sos.privacy.epochs import Epochs
from sos.privacy.erasure import Erasure
from sos.privacy.knowing import Knowing
from sos.referrals.actions import Referrals
from sos.referrals.appointments.actions import Appointments
from sos.referrals.appointments.reminding import NeutralLine
from sos.referrals.consents.actions import Consents
from sos.referrals.document_cases.actions import DocumentCases
from sos.referrals.document_cases.telling import StepTasks
from sos.referrals.notices import StaffNotices
from sos.referrals.offers.actions import Offers
from sos.referrals.offers.telling import OfferTasks
from sos.referrals.outside.links import Links
from sos.referrals.override.actions import Overrides
from sos.referrals.override.grounds import Grounds
from sos.referrals.pathways.files import Pathways
from sos.referrals.programmes import in_protection
from sos.referrals.reading import Reading as ReferralReading
from sos.referrals.summaries.actions import Summaries
from sos.safety_plans.actions import SafetyPlans
from sos.safety_plans.calling import HouseCaller
from sos.safety_plans.lockdown import Lockdowns
from sos.safety_plans.notices import PlanNotices
from sos.safety_plans.queries import PlanReading
from sos.safety_plans.templates import Templates
from sos.safety_plans.vocabulary import Vocabulary
from sos.shelters.actions import Vault
from sos.shelters.asks.actions import Asks
from sos.shelters.confirming.actions import Confirming
from sos.shelters.confirming.queries import own_fresh_hours, settings_of
from sos.shelters.holds.actions import Holds
from sos.shelters.matching import answer_operator
from sos.shelters.messenger import StaffPhones
from sos.shelters.queries import Cards
from sos.shelters.reveal import Reveal
from sos.shelters.units.actions import Units
from sos.staff.actions import Tasks
from sos.staff.duty.actions import Duty
from sos.staff.duty.warnings import GapWarnings
from sos.staff.members.actions import Members
from sos.staff.reach.actions import Reach
from sos.staff.reach.states import Fate
from sos.staff.sign_in.credentials import Credentials
from sos.staff.sign_in.enrolment import Enrolment
from sos.staff.sign_in.factors import Factors
from sos.staff.sign_in.sealing import Sealing
from sos.staff.sign_in.sessions import Sessions
from sos.staff.sign_in.totp import Codes
from sos.survivors.actions import Survivors
from sos.survivors.aliases.actions import Aliases
from sos.survivors.evidence.actions import EvidenceBook
from sos.survivors.evidence.queries import EvidenceReading
from sos.survivors.safety_plan.actions import OwnPlans
from sos.survivors.web_codes.actions import WebCodes
from sos.texts.catalogue import Texts


class Rooms:
    """All rooms of one process. What is heavy is built at its first use, so that a door that only takes messages in stays small."""

    def __init__(self, *, database: Database, keystore: Keystore, clock: Clock, config: Path, demo: bool) -> None:
        self.database = database
        self.keystore = keystore
        self.clock = clock
        self.config = config
        self.demo = demo
        self.wake = Wake(database)
        self.herald: Herald = Silent()  # the bot's, where this process may write to her

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.keystore.audit_key)

    @cached_property
    def survivors(self) -> Survivors:
        return Survivors(self.keystore, self.audit)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations()

    @cached_property
    def alerts(self) -> Alerts:
        return Alerts(
            self.keystore,
            self.audit,
            roster=Staffing(),
            pager=self.reach,
            herald=lambda: self.herald,
            policies=Policies(self.config / "escalation"),
            closing=lambda unit, survivor_id: self.erasure.closed(unit, survivor_id),  # noqa: PLW0108 - erasure itself needs this room
        )

    @cached_property
    def check_ins(self) -> CheckIns:
        return CheckIns(self.survivors, self.alerts, self.tasks, self.audit)

    @cached_property
    def book(self) -> Book:
        return Book(self.keystore, self.audit)

    @cached_property
    def risk(self) -> Risk:
        questionnaires = Questionnaires.load(self.config / "questionnaires")
        return Risk(questionnaires, self.book, self.survivors, self.alerts, self.audit)

    @cached_property
    def hand_off(self) -> HandOff:
        return HandOff(self.book, self.alerts, self.tasks, self.audit)

    @cached_property
    def practice(self) -> Practice:
        folder = self.config / "practice"
        key = index(self.keystore.session_key, b"practice lines")
        return Practice(Scenarios.load(folder / "scenarios"), Topics.load(folder / "topics.toml"), key)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.audit)

    @cached_property
    def members(self) -> Members:
        return Members(
            self.keystore,
            self.audit,
            access=(self.sessions.end_all, self.credentials.forget),
            leaving=(self.reach.forget, self.duty.forget, self.document_cases.mediator_left),
        )

    @cached_property
    def reach(self) -> Reach:
        return Reach(self.keystore, self.audit)

    @cached_property
    def gap_warnings(self) -> GapWarnings:
        return GapWarnings(self.tasks, self.reach)

    @cached_property
    def duty(self) -> Duty:
        return Duty(self.keystore, self.audit, changed=(self.gap_warnings.plan,))

    def staff_fared(self, unit: Unit, outbox_id: str, way_id: str, fate: Fate) -> None:
        """What became of a message to a member of the staff: her way's health, and the alert of a page that arrived."""
        self.reach.fared(unit, way_id, fate)
        if fate is Fate.DELIVERED:
            self.alerts.paging.delivered(unit, outbox_id)

    @cached_property
    def sealing(self) -> Sealing:
        return Sealing(self.keystore)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.sealing, self.audit)

    @cached_property
    def credentials(self) -> Credentials:
        return Credentials(self.sealing, self.sessions, self.audit)

    @cached_property
    def app_codes(self) -> Codes:
        return Codes(self.clock)

    @cached_property
    def factors(self) -> Factors:
        return Factors(self.sealing, self.sessions, self.app_codes, self.audit)

    @cached_property
    def enrolment(self) -> Enrolment:
        return Enrolment(self.sealing, self.sessions, self.factors, self.app_codes, self.members, self.audit)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(
            self.survivors,
            self.conversations,
            self.alerts,
            self.tasks,
            self.check_ins,
            self.consents,
            self.referrals,
            self.overrides,
            others=(
                self.offers.forget_person,
                self.appointments.forget_person,
                self.document_cases.forget_person,
                self.assessments.forget_person,
            ),
        )

    @cached_property
    def consents(self) -> Consents:
        return self._sharing[0]

    @cached_property
    def referrals(self) -> Referrals:
        return self._sharing[1]

    @cached_property
    def _sharing(self) -> tuple[Consents, Referrals]:
        """Together: whoever ends a consent ends what rests on it."""
        consents = Consents(self.survivors, self.audit)
        referrals = Referrals(
            self._place_key,
            self.survivors,
            consents,
            self.referral_notices,
            self.audit,
            closing=lambda unit, survivor_id: self.erasure.closed(unit, survivor_id),  # noqa: PLW0108 - erasure itself needs this room
        )
        return consents, referrals

    @cached_property
    def referral_notices(self) -> StaffNotices:
        return StaffNotices(self._place_key, self.tasks, self.reach)

    @cached_property
    def referral_reading(self) -> ReferralReading:
        return ReferralReading(self._place_key, self.survivors, self.consents, self.audit)

    @cached_property
    def summaries(self) -> Summaries:
        return Summaries(self.survivors, self.audit)

    @cached_property
    def overrides(self) -> Overrides:
        grounds = Grounds.load(self.config / "jurisdictions")
        return Overrides(self.survivors, self.referrals, grounds, self.referral_notices, self.audit)

    @cached_property
    def outside_links(self) -> Links:
        return Links(self._place_key, self.referrals, self.referral_reading, self.audit)

    def _place_key(self) -> bytes:
        return self.keystore.place_key

    @cached_property
    def evidence(self) -> EvidenceBook:
        return EvidenceBook(self.keystore, self.audit)

    @cached_property
    def evidence_reading(self) -> EvidenceReading:
        return EvidenceReading(self.keystore, self.audit)

    @cached_property
    def web_codes(self) -> WebCodes:
        return WebCodes(self.keystore, self.audit, self.survivors)

    @cached_property
    def own_plans(self) -> OwnPlans:
        return OwnPlans(self.keystore, self.audit)

    @cached_property
    def knowing(self) -> Knowing:
        return Knowing(self.keystore, self.audit)

    @cached_property
    def epochs(self) -> Epochs:
        return Epochs(self.database, self.keystore, self.audit)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return Gazetteer.load()

    @cached_property
    def texts(self) -> Texts:
        return Texts.load(self.config / "languages")

    @cached_property
    def categories(self) -> Categories:
        return Categories.load(self.config / "categories.toml")

    @cached_property
    def jurisdictions(self) -> Jurisdictions:
        return Jurisdictions.load(self.config / "jurisdictions")

    @cached_property
    def index(self) -> LiveIndex:
        return LiveIndex(folded_name, self.jurisdictions.zone(None))

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.keystore.place_key)

    def match(self, conn: Connection, wish: Wish, now: datetime, *, without_authorities: bool = False) -> Matched:
        """Suitable public services as a survivor may see them, and the fixed line for confidential ones."""
        snapshot, moment = self.index.snapshot(conn), self.index.moment(now)
        return answer(snapshot, wish, moment, self.jurisdictions, without_authorities=without_authorities)

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.keystore, self.audit)

    @cached_property
    def pathways(self) -> Pathways:
        return Pathways.load(self.config / "pathways", categories=self.categories.by_slug)

    @cached_property
    def offers(self) -> Offers:
        return Offers(self.survivors, OfferTasks(self.tasks), self.audit)

    @cached_property
    def appointments(self) -> Appointments:
        return Appointments(self.survivors, NeutralLine(lambda: self.herald), self.audit)

    @cached_property
    def document_cases(self) -> DocumentCases:
        return DocumentCases(self.survivors, StepTasks(self.tasks), self.audit)

    @cached_property
    def assessment_files(self) -> assessment_files.Questionnaires:
        return assessment_files.Questionnaires.load(self.config / "assessments", categories=self.categories.by_slug)

    @cached_property
    def assessments(self) -> Assessments:
        return Assessments(self.survivors, lambda: self.assessment_files, self.audit, protected=in_protection)

    @cached_property
    def aliases(self) -> Aliases:
        return Aliases(self.keystore, self.audit)

    @cached_property
    def units(self) -> Units:
        return Units(
            lambda: self.keystore.place_key,
            lambda: self.vault,
            self.audit,
            today=lambda unit: unit.now.astimezone(self.jurisdictions.zone(None)).date(),
            fresh_hours=lambda conn, service_id: own_fresh_hours(conn, self.keystore.place_key, service_id),
        )

    @cached_property
    def holds(self) -> Holds:
        return Holds(lambda: self.keystore.place_key, self.units, self.audit)

    @cached_property
    def staff_phones(self) -> StaffPhones:
        return StaffPhones(self.reach, self.tasks, survivor_of)

    @cached_property
    def confirming(self) -> Confirming:
        zone = lambda: self.jurisdictions.zone(None)  # noqa: E731
        return Confirming(lambda: self.keystore.place_key, self.units, self.staff_phones, self.audit, zone=zone)

    @cached_property
    def asks(self) -> Asks:
        return Asks(
            lambda: self.keystore.place_key,
            self.holds,
            self.staff_phones,
            self.audit,
            gatekept=lambda conn, service_id: bool(settings_of(conn, self.keystore.place_key, service_id).gatekeeper.name),
        )

    @cached_property
    def checklists(self) -> Templates:
        return Templates.load_good(self.config / "checklists")

    @cached_property
    def safety_plans(self) -> SafetyPlans:
        words = Vocabulary.load_good(self.config / "checklists", self.checklists)
        return SafetyPlans(self._place_key, lambda: self.checklists, lambda: words, PlanNotices(self.tasks, self.reach), self.audit)

    @cached_property
    def plan_reading(self) -> PlanReading:
        return PlanReading(self._place_key, lambda: self.checklists)

    @cached_property
    def lockdowns(self) -> Lockdowns:
        return Lockdowns(self._place_key, HouseCaller(self.reach), self.audit)

    @cached_property
    def house_alarm(self) -> HouseAlarm:
        return HouseAlarm(self.keystore, self.alerts, self.book)

    @cached_property
    def reveal(self) -> Reveal:
        return Reveal(self.keystore.place_key, self.audit)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self.keystore.place_key)

    def match_for_operator(self, conn: Connection, wish: Wish, now: datetime, *, without_authorities: bool = False) -> Matched:
        """Suitable services as an operator sees them: confidential ones by published area and front gate, never by place."""
        snapshot, moment = self.index.snapshot(conn), self.index.moment(now)
        cards = self.cards.all(conn)
        return answer_operator(snapshot, cards, wish, moment, self.jurisdictions, without_authorities=without_authorities)

    def warm(self) -> None:
        """Load what is heavy now, so that the first message of the night does not wait for it."""
        self.gazetteer.locate("Prishtina")
        self.texts.keys  # noqa: B018 - building it is the point
        with self.database.read() as conn:
            self.index.snapshot(conn)

    def load_demonstration(self) -> None:
        """Fill an empty directory with invented services, once; only where this installation is a demonstration."""
        with self.database.read() as conn:
            if not is_empty(conn):
                return
        with self.database.write() as unit:
            load_demonstration(unit, self.vault, categories=self.categories, book=lambda: self.gazetteer, production=not self.demo)
