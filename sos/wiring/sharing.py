"""What leaves with her consent, and what is arranged for her: referrals, offers, appointments, papers, assessments. Wiring only: decides nothing."""

from functools import cached_property

from sos.assessments import questionnaires as assessment_files
from sos.assessments.actions import Assessments
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
from sos.wiring.shelters import ShelterRooms


class SharingRooms(ShelterRooms):
    """Rooms of consent, referral and help with papers and livelihood."""

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
            closing=self.closed,
        )
        return consents, referrals

    @cached_property
    def consents(self) -> Consents:
        return self._sharing[0]

    @cached_property
    def referrals(self) -> Referrals:
        return self._sharing[1]

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
