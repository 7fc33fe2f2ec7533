"""Tables of the public directory. A confidential service has no row in any of them.

Every row of a service hangs on `services.id` and goes with it. `places` is HSDS's service_at_location and location in one row.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sos.db.base import Base
from sos.db.types import UTCDateTime

ID = String(36)


class Organisation(Base):
    """Who runs services."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text)
    website: Mapped[str] = mapped_column(String(500))
    email: Mapped[str] = mapped_column(String(255))
    phones: Mapped[str] = mapped_column(Text)
    """JSON list of the organisation's own phones"""


class Service(Base):
    """One thing that an organisation does for people."""

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'inactive', 'defunct', 'temporarily closed')", name="status"),
        CheckConstraint("cost IN ('free', 'paid', 'unstated')", name="cost"),
        CheckConstraint("papers IN ('none', 'none listed', 'some', 'unstated')", name="papers"),
        CheckConstraint("on_holidays IN ('as usual', 'closed', 'unstated')", name="on_holidays"),
        CheckConstraint("boys_maximum_age IS NULL OR boys_maximum_age BETWEEN 0 AND 30", name="boys_maximum_age"),
        Index("ix_services_category", "category"),
        Index("ix_services_organisation_id", "organisation_id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ID, ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(255))
    category: Mapped[str | None] = mapped_column(String(40))
    """slug of config/categories.toml; NULL: kept, but never matched until a person sorts it"""
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    website: Mapped[str] = mapped_column(String(500))
    email: Mapped[str] = mapped_column(String(255))
    cost: Mapped[str] = mapped_column(String(10))
    cost_note: Mapped[str] = mapped_column(Text)
    papers: Mapped[str] = mapped_column(String(12))
    papers_note: Mapped[str] = mapped_column(Text)
    """JSON list of the papers asked for"""
    step_free: Mapped[bool | None]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    boys_maximum_age: Mapped[int | None]
    """oldest age, inclusive, at which boys may come with her"""
    on_holidays: Mapped[str] = mapped_column(String(10))
    gatekeeper: Mapped[str] = mapped_column(String(255))
    gatekeeper_contact: Mapped[str] = mapped_column(String(255))
    gatekeeper_night: Mapped[str] = mapped_column(String(255))
    verified_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(40))
    extra: Mapped[str] = mapped_column(Text)
    """JSON object of HSDS text fields that we keep but do not use"""
    modified_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revision: Mapped[int]
    """version of the directory at the last change of this service: an index reads only what is newer"""


class Place(Base):
    """A public location where a service is given. Never a hidden one."""

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        CheckConstraint("located IN ('given', 'geocoded', 'gazetteer', 'nowhere')", name="located"),
        Index("ix_places_service_id", "service_id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    service_id: Mapped[str] = mapped_column(ID, ForeignKey("services.id", ondelete="CASCADE"))
    position: Mapped[int]
    location_id: Mapped[str] = mapped_column(ID)
    name: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(500))
    city: Mapped[str] = mapped_column(String(255))
    postal_code: Mapped[str] = mapped_column(String(20))
    municipality: Mapped[str | None] = mapped_column(String(60))
    country: Mapped[str] = mapped_column(String(2))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    located: Mapped[str] = mapped_column(String(10))
    step_free: Mapped[bool | None]


class Phone(Base):
    """A number of a service. Shown to a survivor only with the day on which someone called it."""

    __tablename__ = "phones"
    __table_args__ = (UniqueConstraint("service_id", "position"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    service_id: Mapped[str] = mapped_column(ID, ForeignKey("services.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    extension: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    verified_on: Mapped[date | None] = mapped_column(Date)


class Hours(Base):
    """One line of a weekly timetable, by the wall clock of the place. `closes <= opens` runs over midnight."""

    __tablename__ = "hours"
    __table_args__ = (
        CheckConstraint("opens IS NULL OR opens BETWEEN 0 AND 1439", name="opens"),
        CheckConstraint("closes IS NULL OR closes BETWEEN 0 AND 1440", name="closes"),
        UniqueConstraint("service_id", "position"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    service_id: Mapped[str] = mapped_column(ID, ForeignKey("services.id", ondelete="CASCADE"))
    position: Mapped[int]
    place_id: Mapped[str | None] = mapped_column(ID)
    """only for this place of the service"""
    days: Mapped[str] = mapped_column(String(20))
    """HSDS byday: MO,TU,..."""
    opens: Mapped[int | None]
    """minutes since midnight; NULL: closed in this period"""
    closes: Mapped[int | None]
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text)


class ServiceLanguage(Base):
    """A language in which the service speaks with people: ISO 639 code."""

    __tablename__ = "service_languages"

    service_id: Mapped[str] = mapped_column(ID, ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)


class ServiceAccepts(Base):
    """Whom the service says it accepts."""

    __tablename__ = "service_accepts"

    service_id: Mapped[str] = mapped_column(ID, ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    whom: Mapped[str] = mapped_column(String(20), primary_key=True)


class Coverage(Base):
    """An area for which the service works, in a period. A service without any row works for everyone."""

    __tablename__ = "coverage"
    __table_args__ = (UniqueConstraint("service_id", "position"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    service_id: Mapped[str] = mapped_column(ID, ForeignKey("services.id", ondelete="CASCADE"))
    position: Mapped[int]
    area: Mapped[str] = mapped_column(String(60))
    """municipality id, or a country: XK, RS"""
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Capacity(Base):
    """Confirmed free units of one kind, with the time of the confirmation. Holds are never counted here."""

    __tablename__ = "capacities"
    __table_args__ = (CheckConstraint("available >= 0", name="available"),)

    service_id: Mapped[str] = mapped_column(ID, ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    available: Mapped[int]
    maximum: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    fresh_hours: Mapped[float | None] = mapped_column(Float)


class DirectoryVersion(Base):
    """Counts every change, so that each process knows when its index is old. `part`: public or hidden."""

    __tablename__ = "directory_versions"

    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int]
