"""Coordinates for the PUBLIC addresses of the directory, from a Nominatim server that the installation runs or has an agreement with.

Optional and off unless a server is configured. Must never be given a survivor's words, place or point, nor a confidential service's
address: those are answered offline (``gazetteer``) or not at all. Must never use the public openstreetmap.org server: what is looked up
there is known to others, and its terms forbid bulk use.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim

_PUBLIC_SERVERS = ("openstreetmap.org", "osm.org")
_COUNTRIES = ["xk", "rs"]


class NotConfigured(Exception):
    """No geocoding server of one's own is configured, or it is a public one. Nothing was sent."""


class ServerFailed(Exception):
    """The configured server did not answer or refused. Carries no address."""


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """An address that is printed on a public door. Making one is the caller's statement that the service is not confidential."""

    street: str
    town: str
    country: str

    def __repr__(self) -> str:
        """Without the address."""
        return "PublicAddress(...)"


class Answer(Protocol):
    """What a geocoding client gives back."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Geocoder:
    """Asks a configured server, slowly. Use :meth:`on_server`; ``ask`` is injected by tests."""

    ask: Callable[[str], Answer | None] = field(repr=False)

    @classmethod
    def on_server(
        cls, domain: str, *, user_agent: str, scheme: str = "https", seconds_between: float = 1.0, timeout: float = 5.0
    ) -> "Geocoder":
        """A geocoder on ``domain`` (host, with port if need be). Raises NotConfigured for an empty or a public one."""
        host = domain.strip().lower().split("/")[0].split(":")[0].rstrip(".")
        if not host or any(host == public or host.endswith(f".{public}") for public in _PUBLIC_SERVERS):
            raise NotConfigured("geocoding needs a server of your own")
        client = Nominatim(domain=domain.strip(), scheme=scheme, user_agent=user_agent, timeout=timeout)
        limited = RateLimiter(client.geocode, min_delay_seconds=seconds_between, max_retries=1, swallow_exceptions=False)

        def ask(query: str) -> Answer | None:
            found: Answer | None = limited(query, exactly_one=True, country_codes=_COUNTRIES)
            return found

        return cls(ask)

    def coordinates(self, address: PublicAddress) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None when the server knows no such address. Raises ServerFailed."""
        try:
            found = self.ask(", ".join(part for part in (address.street, address.town, address.country) if part))
        except GeopyError as error:
            raise ServerFailed(type(error).__name__) from None
        return None if found is None else (float(found.latitude), float(found.longitude))
