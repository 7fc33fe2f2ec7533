"""Whom a level pages. Pure. Never anybody who is barred from the case, never nobody while somebody of the step is left."""

from dataclasses import dataclass, field

from sos.alerts.escalation.policy import ANSWERING, AT_THE_DESK, Step, Who
from sos.alerts.escalation.roster import Person


@dataclass(frozen=True, slots=True)
class Staff:
    """Who there is at this moment, those barred from the case left out."""

    people: tuple[Person, ...]
    on_duty: frozenset[str] = frozenset()
    on_rota: frozenset[str] = frozenset()
    barred: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def answering(self) -> tuple[Person, ...]:
        """Those who may be paged about this case."""
        return tuple(person for person in self.people if person.roles & ANSWERING and person.id not in self.barred)

    @property
    def can_open(self) -> tuple[Person, ...]:
        """Those for whom this case can stand in the queue; with nobody left it exists for no one."""
        return tuple(person for person in self.answering if person.roles & AT_THE_DESK)

    @property
    def all_barred(self) -> bool:
        """Whoever could open it is barred from it."""
        return bool(self.barred) and not self.can_open

    @property
    def duty_answers(self) -> bool:
        """Whether anyone on duty may be shown this case."""
        return any(person.id in self.on_duty for person in self.answering)

    @property
    def only_barred_on_duty(self) -> bool:
        """Somebody is on duty, and for all of them this case does not exist."""
        somebody = any(person.id in self.on_duty and person.roles & ANSWERING for person in self.people)
        return somebody and not self.duty_answers


def of_step(step: Step, staff: Staff, *, language: str | None, country: str | None) -> tuple[str, ...]:
    """Ids of the members that this step pages. Preferences narrow it only while somebody is left."""
    pool = list(staff.answering)
    if step.who is Who.ON_DUTY:
        pool = [person for person in pool if person.id in staff.on_duty]
    elif step.who is Who.ON_ROTA:
        pool = [person for person in pool if person.id in staff.on_rota]
    if step.roles:
        pool = [person for person in pool if person.roles & set(step.roles)]
    if step.her_country and country is not None:
        pool = [person for person in pool if country in person.countries] or pool
    if step.her_language and language is not None:
        pool = [person for person in pool if language in person.languages] or pool
    return tuple(person.id for person in pool)


def supervisors_and(staff: Staff, next_on: str | None) -> tuple[str, ...]:
    """Who is asked at once when nobody on duty may be (DOMAIN 33); administrators too where nobody is left who could open the case."""
    if staff.all_barred:
        return tuple(person.id for person in staff.answering)
    return tuple(person.id for person in staff.answering if "supervisor" in person.roles or person.id == next_on)
