"""What was seen in real systems, as regressions: each failing of somebody else has a test here that it cannot happen in this one."""

import logging
import re
from datetime import date

import pytest
from sqlalchemy import select

from sos.bot.messages import Channel, Incoming, Reply
from sos.conversations.models import ConversationRow, MessageRow
from sos.db.database import Database
from sos.directory.entries import CapacityEntry
from sos.directory.matching.answer import answer
from sos.directory.matching.live import LiveIndex
from sos.directory.matching.wish import Point, Wish
from sos.geo.naming import folded_name
from sos.keys.keystore import Keystore
from sos.logs import EVENTS
from sos.privacy.inventory import COLUMNS
from tests.bot.talking import Line, Person
from tests.directory.builders import CATEGORIES, JURISDICTIONS, ZONE
from tests.shelters.worlds import Stranger, fill, hidden_entries, swap
from tests.stories.voices import introduced

pytestmark = pytest.mark.story


def test_no_point_on_the_map_gets_a_distance_to_a_confidential_service(database: Database, keystore: Keystore, clock) -> None:  # type: ignore[no-untyped-def]
    """Seen: distance in metres to any service from any point; "hidden" by rounding."""
    fill(database, keystore.place_key)
    live = LiveIndex(folded_name, ZONE)
    lines = set()
    with database.read() as conn:
        for n in range(200):
            wish = Wish(CATEGORIES.asked("shelter"), Point(42.0 + n / 200, 20.3 + n / 150), None, None, limit=5)
            said = answer(live.snapshot(conn), wish, live.moment(clock.now()), JURISDICTIONS)
            assert said.matches[0].distance_km is None
            assert said.matches[0].area is None
            lines.add(repr(said.matches[0]))
    assert len(lines) == 1, "not even rounding: there is nothing to round"


def test_no_open_endpoint_and_no_export_holds_an_address_of_a_shelter(database: Database, keystore: Keystore, clock) -> None:  # type: ignore[no-untyped-def]
    """Seen: shelter addresses on an open endpoint."""
    fill(database, keystore.place_key)
    from sos.shelters.actions import Vault

    entries = hidden_entries(3, 6)
    with database.write() as unit:
        swap(unit, Vault(keystore.place_key), entries)
    said = b"".join(Stranger(database, now=clock.now()).hears(200, seed=3))
    assert len(said) > 100_000
    for entry in entries:
        assert entry.service.name.encode() not in said
        assert entry.service.id.encode() not in said
        assert entry.front_gate.encode() not in said


def test_no_text_says_beware_beside_an_address_or_shows_a_warning_sign(line: Line) -> None:
    """Seen: a warning icon beside the printed address."""
    shown = [entry.forms[0] for one in line.rooms.texts.catalogues.values() for entry in one.entries.values()]
    assert len(shown) > 600
    assert not [text for text in shown if re.search("[⚠☠\U0001f300-\U0001faff]|confidential|secret", text, re.IGNORECASE)]


def test_neither_her_words_nor_her_number_reach_a_log_or_a_repr(line: Line, ana: Person, caplog: pytest.LogCaptureFixture) -> None:
    """Seen: inbound text and first name in a debug log."""
    with caplog.at_level(logging.DEBUG):
        ana.says("my name is Xhevahire, xylophone", "1", "1", "SOS xylophone", "Prizren", "ERASE")
    incoming = Incoming("1", ana.address, "generic", line.clock.now(), text="xylophone")
    told = caplog.text + repr(incoming) + repr(Reply("noted", {"x": "xylophone"})) + repr(ana.state)
    for secret in ("xylophone", "Xhevahire", "44000101"):
        assert secret not in told


def test_no_table_has_room_for_an_ip_address_or_a_browser() -> None:
    """Seen: a visitor's IP sent to a look-up company."""
    named = [column for of_class in COLUMNS.values() for columns in of_class.values() for column in columns.split()]
    logged = [name for allowed in EVENTS.values() for name in allowed]
    assert len(named) > 50
    assert len(logged) > 5
    assert not [
        name for name in [*named, *logged] if re.search(r"(^|[._])(ip|remote_addr|user_agent|fingerprint|device|browser)($|_)", name)
    ]


def test_a_transcript_is_not_kept_for_years(line: Line, ana: Person) -> None:
    """Seen: a transcript kept ten years. Here: every kept line has a retention, and ERASE leaves none at once."""
    introduced(ana).sends("I need a lawyer in Prizren")
    assert line.count(MessageRow) > 5
    ana.sends("ERASE")
    assert line.count(MessageRow) == line.count(ConversationRow) == 0


def test_leaving_sends_nothing_to_anybody(line: Line, ana: Person) -> None:
    """Seen: an analytics event before leaving."""
    from sos.outbox.models import OutboxRow

    introduced(ana)
    before = line.count(OutboxRow)
    assert ana.sends("0") == ["Ended. You can write again at any time."]
    assert line.count(OutboxRow) == before + 1, "her confirmation alone"


def test_no_reply_names_the_kind_of_service_before_she_asked(line: Line) -> None:
    """Seen: a notice naming the service type."""
    for channel in Channel:
        ana = line.person(f"n-{channel}", channel)
        for text in ("hello", "1"):
            for said in ana.sends(text):
                assert not re.search(r"violen|shelter|abuse|women|safe", said, re.IGNORECASE)


def test_a_service_without_a_point_on_the_map_is_listed_and_found(database: Database, keystore: Keystore, clock) -> None:  # type: ignore[no-untyped-def]
    """Seen: a listing impossible without a map point."""
    fill(database, keystore.place_key)
    live = LiveIndex(folded_name, ZONE)
    with database.read() as conn:
        snapshot = live.snapshot(conn)
        pointless = [one for one in snapshot.services if not any(place.latitude is not None for place in one.places)]
        assert pointless
        wish = Wish(CATEGORIES.asked(pointless[0].category), None, None, None, limit=100)
        said = answer(snapshot, wish, live.moment(clock.now()), JURISDICTIONS)
    assert pointless[0].id in {one.id for one in (*said.matches, *said.next_best)}


def test_every_number_and_every_free_place_carries_its_date() -> None:
    """Seen: capacity without its time. Numbers, too, say when they were checked."""
    with pytest.raises(TypeError):
        CapacityEntry("bed", 1, 2)  # type: ignore[call-arg]
    shown = [number for one in JURISDICTIONS.by_country.values() for number in one.numbers]
    assert shown
    assert all(isinstance(number.last_verified, date) for number in shown)


def test_a_reply_is_done_only_after_a_gateway_took_it(line: Line, ana: Person) -> None:
    """Seen: a job marked done before it is sent."""
    from sos.outbox.models import OutboxRow

    ana.sends("SOS")
    with line.rooms.database.read() as conn:
        states = set(conn.execute(select(OutboxRow.state)).scalars())
    assert states
    assert "sent" not in states
