"""The optional geocoder asks its own server only, and only for public addresses."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from sos.geo.geocoder import Geocoder, NotConfigured, PublicAddress, ServerFailed

ADDRESS = PublicAddress("Demonstration Street 1", "Prizren", "Kosovo")


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """A server that speaks Nominatim's JSON over real HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            httpd.asked.append(query)  # type: ignore[attr-defined]
            self.send_response(httpd.status)  # type: ignore[attr-defined]
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(httpd.answer).encode())  # type: ignore[attr-defined]

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    httpd.asked, httpd.status = [], 200  # type: ignore[attr-defined]
    httpd.answer = [{"lat": "42.21", "lon": "20.74", "display_name": "demonstration"}]  # type: ignore[attr-defined]
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield httpd
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def on(server: HTTPServer) -> Geocoder:
    return Geocoder.on_server(f"127.0.0.1:{server.server_port}", scheme="http", user_agent="sos-tests", seconds_between=0, timeout=2)


def test_a_configured_server_is_asked_for_a_public_address(server: HTTPServer) -> None:
    assert on(server).coordinates(ADDRESS) == (42.21, 20.74)
    assert server.asked[0]["q"] == ["Demonstration Street 1, Prizren, Kosovo"]  # type: ignore[attr-defined]
    assert server.asked[0]["countrycodes"] == ["xk,rs"]  # type: ignore[attr-defined]


def test_an_unknown_address_has_no_coordinates(server: HTTPServer) -> None:
    server.answer = []  # type: ignore[attr-defined]
    assert on(server).coordinates(ADDRESS) is None


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_failing_server_raises_without_the_address(server: HTTPServer) -> None:
    server.status = 503  # type: ignore[attr-defined]
    with pytest.raises(ServerFailed) as failure:
        on(server).coordinates(ADDRESS)
    assert "Demonstration" not in str(failure.value)


@pytest.mark.parametrize(
    "domain", ["", "  ", "nominatim.openstreetmap.org", "NOMINATIM.OpenStreetMap.org:443", "openstreetmap.org/", "nominatim.osm.org."]
)
def test_without_a_server_of_ones_own_nothing_is_sent(domain: str) -> None:
    with pytest.raises(NotConfigured):
        Geocoder.on_server(domain, user_agent="sos-tests")


def test_an_address_stays_out_of_reprs() -> None:
    assert "Demonstration" not in repr(ADDRESS)
