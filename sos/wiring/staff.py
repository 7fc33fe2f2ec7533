"""The staff side: sign-in, duty, how people are reached, practice. Wiring only: decides nothing."""

from functools import cached_property

from sos.db.database import Unit
from sos.encryption import index
from sos.practice.actions import Practice
from sos.practice.scenarios import Scenarios
from sos.practice.topics import Topics
from sos.staff.duty.actions import Duty
from sos.staff.duty.warnings import GapWarnings
from sos.staff.members.actions import Members
from sos.staff.reach.actions import Reach
from sos.staff.sign_in.credentials import Credentials
from sos.staff.sign_in.enrolment import Enrolment
from sos.staff.sign_in.factors import Factors
from sos.staff.sign_in.sealing import Sealing
from sos.staff.sign_in.sessions import Sessions
from sos.staff.sign_in.totp import Codes
from sos.wiring.ground import Ground


class StaffRooms(Ground):
    """Rooms of the staff."""

    @cached_property
    def members(self) -> Members:
        return Members(
            self.keystore,
            self.audit,
            access=(self.sessions.end_all, self.credentials.forget),
            leaving=(self.reach.forget, self.duty.forget, self.member_left),
        )

    def member_left(self, unit: Unit, member_id: str) -> None:
        """What a member who leaves had in hand goes to others. The whole wiring knows what that is."""
        raise NotImplementedError

    @cached_property
    def reach(self) -> Reach:
        return Reach(self.keystore, self.audit)

    @cached_property
    def gap_warnings(self) -> GapWarnings:
        return GapWarnings(self.tasks, self.reach)

    @cached_property
    def duty(self) -> Duty:
        return Duty(self.keystore, self.audit, changed=(self.gap_warnings.plan,))

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
    def practice(self) -> Practice:
        folder = self.config / "practice"
        key = index(self.keystore.session_key, b"practice lines")
        return Practice(Scenarios.load(folder / "scenarios"), Topics.load(folder / "topics.toml"), key)
