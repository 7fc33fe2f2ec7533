"""The words a service's record may use. Nothing here moves by itself: a person changes a record."""

from enum import StrEnum


class ServiceStatus(StrEnum):
    """HSDS statuses; only an active service is ever offered."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class Cost(StrEnum):
    """What it costs her."""

    FREE = "free"
    PAID = "paid"
    UNSTATED = "unstated"


class Papers(StrEnum):
    """Which papers are asked for at the door."""

    NONE = "none"  #: the service says that it asks for none
    NONE_LISTED = "none listed"  #: the imported list of papers is empty or absent
    SOME = "some"
    UNSTATED = "unstated"


class OnHolidays(StrEnum):
    """What a public holiday does to the weekly hours."""

    AS_USUAL = "as usual"
    CLOSED = "closed"
    UNSTATED = "unstated"  #: closed, unless open day and night all week


class Located(StrEnum):
    """How the point of a place came about."""

    GIVEN = "given"
    GEOCODED = "geocoded"  #: the address, as a server of our own knows it
    GAZETTEER = "gazetteer"  #: the middle of the named town: distances are approximate
    NOWHERE = "nowhere"


class Whom(StrEnum):
    """Whom a service says it accepts."""

    EVERYONE = "everyone"
    WOMEN = "women"
    MEN = "men"
    CHILDREN = "children"
    GIRLS = "girls"
    BOYS = "boys"
    OLDER_PEOPLE = "older_people"
    DISABILITY = "disability"
    TRAFFICKED = "trafficked"
    LGBTI = "lgbti"
    PREGNANT = "pregnant"
    MENTAL_HEALTH = "mental_health"
    ADDICTION = "addiction"
    PERPETRATORS = "perpetrators"
    PETS = "pets"
