"""A server of our own may give public addresses their point; a confidential one is never asked about."""

import json
from dataclasses import replace

import pytest

from sos.directory.entries import OrganisationEntry, PlaceEntry, ServiceEntry
from sos.directory.exchange.rows import Row
from sos.directory.exchange.sharpening import sharpen
from sos.directory.states import Located
from sos.geo.gazetteer import Gazetteer
from sos.geo.geocoder import Geocoder
from tests.fakes.http_server import LoopbackServer, Request, Response

TOWN = PlaceEntry(
    "p1",
    "l1",
    address="Rruga e Provës 5",
    city="Prizren",
    municipality="xk-prizren",
    country="XK",
    latitude=42.21,
    longitude=20.74,
    located=Located.GAZETTEER,
)
INSIDE, ELSEWHERE = (42.2150, 20.7400), (42.66, 20.29)


def entry(place: PlaceEntry = TOWN) -> ServiceEntry:
    return ServiceEntry(
        id="s1", organisation=OrganisationEntry("o1", "Organisation"), name="Service", category="legal_aid", places=(place,)
    )


class Server:
    """A geocoding server on loopback that knows one answer."""

    def __init__(self, point: tuple[float, float] | None, *, status: int = 200) -> None:
        self.point, self.status, self.asked = point, status, 0
        self.server = LoopbackServer(self._answer)

    def _answer(self, _: Request) -> Response:
        self.asked += 1
        found = [{"lat": str(self.point[0]), "lon": str(self.point[1]), "display_name": "x"}] if self.point else []
        return Response(self.status, json.dumps(found).encode(), {"Content-Type": "application/json"})

    def sharpen(self, row: Row, confidential: set[str]) -> Row:
        gazetteer = Gazetteer.load()

        def municipality_at(lat: float, lon: float) -> str | None:
            found = gazetteer.municipality_at(lat, lon)
            return found.id if found else None

        with self.server:
            domain = self.server.root.removeprefix("http://")
            geocoder = Geocoder.on_server(domain, user_agent="test", scheme="http", seconds_between=0.0)
            sharpen([row], geocoder, confidential=confidential, municipality_at=municipality_at)
        return row


def test_a_public_address_gets_its_own_point() -> None:
    row = Server(INSIDE).sharpen(Row(1, entry=entry()), set())
    [place] = row.entry.places
    assert (place.latitude, place.longitude, place.located) == (*INSIDE, Located.GEOCODED)


@pytest.mark.parametrize(
    ("server", "why"),
    [
        pytest.param(Server(ELSEWHERE), "does not know", id="a point in another municipality is not believed"),
        pytest.param(Server(None), "does not know", id="an unknown address keeps the middle of its town"),
        pytest.param(Server(None, status=500), "failed", id="a server that fails costs nothing"),
    ],
)
def test_what_the_server_cannot_say_keeps_the_town(server: Server, why: str) -> None:
    row = server.sharpen(Row(1, entry=entry()), set())
    assert row.entry.places == (TOWN,)
    assert why in row.notes[0]
    assert "Rruga" not in row.notes[0]


def test_a_confidential_service_is_never_asked_about() -> None:
    server = Server(INSIDE)
    server.sharpen(Row(1, entry=entry()), {"s1"})
    assert server.asked == 0


def test_coordinates_that_the_file_gives_are_not_touched() -> None:
    server = Server(INSIDE)
    server.sharpen(Row(1, entry=entry(replace(TOWN, located=Located.GIVEN))), set())
    assert server.asked == 0
