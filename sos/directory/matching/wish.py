"""What is asked for, and what is answered. Plain values; a wish's place is shown by no repr and stored nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sos.directory.categories import Category
from sos.directory.entries import ServiceEntry
from sos.directory.states import Whom


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, WGS84."""

    lat: float = field(repr=False)
    lon: float = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """One ask. Every field but the category may be left open: help never depends on answering."""

    category: Category
    point: Point | None = field(repr=False, default=None)
    municipality: str | None = field(repr=False, default=None)
    country: str | None = field(repr=False, default=None)
    children: int = 0
    boy_age: int | None = None
    accepts: frozenset[Whom] = frozenset()
    language: str | None = None
    step_free: bool = False
    no_papers: bool = False
    free: bool = False
    open_now: bool = False
    avoid: frozenset[str] = field(repr=False, default=frozenset())
    """municipalities that are never offered"""
    avoid_names: frozenset[str] = field(repr=False, default=frozenset())
    """their names, folded: a service that bears one is not offered either"""
    avoid_services: frozenset[str] = field(repr=False, default=frozenset())
    avoid_organisations: frozenset[str] = field(repr=False, default=frozenset())
    farther_than_km: float = 0.0
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this one: a code (text key `reason.<code>`) and its values."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """One service at its nearest suitable place. `distance_km` None where there is no point to measure from or to."""

    id: str
    name: str
    category: str
    area: str | None
    distance_km: float | None
    reasons: tuple[Reason, ...]
    place_id: str | None = None
    service: ServiceEntry | None = field(repr=False, default=None)
    """the public record, for cards; None for the fixed line"""


@dataclass(frozen=True, slots=True)
class Found:
    """What the index found. `missing`: codes of what no service offers together, where nothing matched."""

    matches: tuple[Match, ...]
    next_best: tuple[Match, ...] = ()
    missing: tuple[str, ...] = ()
