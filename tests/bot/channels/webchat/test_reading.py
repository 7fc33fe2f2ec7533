"""What is packed at the door is read by the worker: the same message, and never an error where words can be saved."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.channels.sms.provider import Unreadable
from sos.bot.channels.webchat.reading import clean, degrees, language_of, pack, read_web
from sos.bot.messages import Channel, Kind

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@given(text=st.text(), latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
def test_any_words_and_any_point_come_through(text: str, latitude: float, longitude: float) -> None:
    words = clean(text)
    read = read_web(pack(session="s" * 43, reference="r", text=words), received_at=NOW)
    assert (read.text, read.kind, read.address.channel, read.address.value) == (words, Kind.TEXT, Channel.WEB, "s" * 43)
    place = read_web(pack(session="s", reference="r", text="", kind=Kind.LOCATION, point=(latitude, longitude)), received_at=NOW)
    assert (place.kind, place.latitude, place.longitude) == (Kind.LOCATION, latitude, longitude)


@given(
    st.binary()
    | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)).map(
        lambda value: json.dumps(value).encode()
    )
)
def test_anything_else_is_unreadable_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_web(body, received_at=NOW)


@pytest.mark.parametrize("kind", ["live_location", "blocked", "nonsense", 7, None])
def test_an_unknown_kind_is_read_as_words(kind: object) -> None:
    body = json.dumps({"session": "s", "id": "r", "text": "help", "kind": kind}).encode()
    assert (read_web(body, received_at=NOW).kind, read_web(body, received_at=NOW).text) == (Kind.TEXT, "help")


@pytest.mark.parametrize(("shown", "code"), [("sq", "sq"), ("sr-Cyrl", "sr-Cyrl"), ("", None)])
def test_the_language_of_the_page_is_a_hint_with_its_script(shown: str, code: str | None) -> None:
    assert language_of(pack(session="s", reference="r", text="?", language=shown)) == code


@pytest.mark.parametrize(("latitude", "longitude"), [("x", 1), (91, 0), (0, 181), ("inf", 0), (None, None), ("nan", 0)])
def test_what_is_no_point_on_earth_is_none(latitude: object, longitude: object) -> None:
    assert degrees(latitude, longitude) is None


def test_nothing_of_hers_stands_in_a_repr() -> None:
    read = read_web(pack(session="token", reference="r", text="marigold"), received_at=NOW)
    assert "marigold" not in repr(read)
    assert "token" not in repr(read)
