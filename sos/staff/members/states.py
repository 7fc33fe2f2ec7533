"""What a member may be and how a membership runs. Pure: reads and writes nothing."""

from enum import StrEnum

from sos.transitions import Table


class Role(StrEnum):
    """What somebody is here to do; a member may have several."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    SHELTER_STAFF = "shelter_staff"
    DIRECTORY_EDITOR = "directory_editor"
    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"
    TRAINEE = "trainee"  #: an institution's person in training: may practise, and nothing else


class Membership(StrEnum):
    """Where a member stands."""

    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"


MOVES: Table[Membership] = Table(
    {
        Membership.INVITED: {"join": Membership.ACTIVE, "leave": Membership.LEFT},
        Membership.ACTIVE: {"leave": Membership.LEFT},
        Membership.LEFT: {},
    }
)


class LinkFor(StrEnum):
    """What a one-time link lets its bearer do."""

    JOIN = "join"  #: first password and second factor
    RESET = "reset"  #: new ones, after the old were lost
