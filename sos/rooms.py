"""The only wiring: builds each room once and hands it what it needs. Decides nothing, reads no environment."""

from functools import cached_property

from sos.db.database import Unit
from sos.directory.demonstration.loading import is_empty, load_demonstration
from sos.privacy.epochs import Epochs
from sos.privacy.erasure import Erasure
from sos.privacy.knowing import Knowing
from sos.survivors.aliases.actions import Aliases
from sos.survivors.evidence.actions import EvidenceBook
from sos.survivors.evidence.queries import EvidenceReading
from sos.survivors.safety_plan.actions import OwnPlans
from sos.survivors.web_codes.actions import WebCodes
from sos.wiring.sharing import SharingRooms


class Rooms(SharingRooms):
    """All rooms of one process. What is heavy is built at its first use, so that a door that only takes messages in stays small."""

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
            self._place_key,
            others=(
                self.offers.forget_person,
                self.appointments.forget_person,
                self.document_cases.forget_person,
                self.assessments.forget_person,
            ),
        )

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
    def aliases(self) -> Aliases:
        return Aliases(self.keystore, self.audit)

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

    def closed(self, unit: Unit, survivor_id: str) -> None:
        """The last open thing of hers was closed: an erasure that waited for it goes on."""
        self.erasure.closed(unit, survivor_id)

    def hold_ended(self, unit: Unit) -> None:
        """A room is no longer kept: whoever's erasure waited for it is forgotten."""
        self.erasure.hold_ended(unit)

    def member_left(self, unit: Unit, member_id: str) -> None:
        """What she had in hand beyond her shifts and ways goes to others."""
        self.document_cases.mediator_left(unit, member_id)
