"""The life of an appointment. Pure."""

from enum import StrEnum

from sos.transitions import Table


class AppointmentKind(StrEnum):
    """What for."""

    JOB_COUNSELLING = "job_counselling"
    HOME_CARE = "home_care"
    LEGAL_TALK = "legal_talk"
    PSYCHOLOGICAL_TALK = "psychological_talk"
    HEALTH = "health"
    MEDIATOR = "mediator"  #: with the mediator of a document case


class Appointment(StrEnum):
    """Where it stands."""

    AGREED = "agreed"
    HELD = "held"
    NOT_HELD = "not_held"  #: nobody is blamed; a person asks whether she wants another
    CANCELLED = "cancelled"


MOVES = Table(
    {
        Appointment.AGREED: {"hold": Appointment.HELD, "miss": Appointment.NOT_HELD, "cancel": Appointment.CANCELLED},
        Appointment.HELD: {},
        Appointment.NOT_HELD: {},
        Appointment.CANCELLED: {},
    }
)
