"""One person is one address, and a stranger never gets her answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.bot.channels.sms.numbers import normalise
from sos.bot.channels.sms.provider import Unreadable


@pytest.mark.parametrize(
    ("given_as", "address"),
    [
        ("+383 44 000 101", "+38344000101"),
        ("00383-44-000-101", "+38344000101"),
        ("38344000101", "+38344000101"),
        ("044/000.101", "+38344000101"),
        ("44000101", "+38344000101"),
        ("\u202a+38344000101\u202c", "+38344000101"),
        ("+381 60 000 101", "+38160000101"),
        ("38160000101", "+38160000101"),
        ("060 000 101", "+38160000101"),
        ("+37744000101", "+38344000101"),
        ("37745000101", "+38345000101"),
        ("0038649000101", "+38349000101"),
        ("+38649000101", "+38349000101"),
    ],
)
def test_the_ways_to_write_a_number_of_ours(given_as: str, address: str) -> None:
    assert normalise(given_as) == address


@pytest.mark.parametrize(
    "given_as",
    [
        pytest.param("+377440001012", id="Monaco's own, longer"),
        pytest.param("+38643000101", id="Slovenia's own today"),
        pytest.param("+999123456789", id="a country nobody knows"),
        pytest.param("Vala", id="a name"),
        pytest.param("Info 24", id="a name with digits"),
        pytest.param("12345", id="a short code"),
        pytest.param("192", id="an emergency number"),
        pytest.param("000000000", id="zeros"),
        pytest.param("١٢٣٤٥٦٧٨", id="digits of another script"),
    ],
)
def test_what_is_not_surely_a_number_of_ours_stays_as_given(given_as: str) -> None:
    assert normalise(given_as) == given_as


@pytest.mark.parametrize("sender", ["", "  ", "+" * 65])
def test_no_sender_is_unreadable(sender: str) -> None:
    with pytest.raises(Unreadable):
        normalise(sender)


@given(st.text(min_size=1, max_size=64))
def test_any_sender_gives_an_address_that_stays_the_same(sender: str) -> None:
    try:
        once = normalise(sender)
    except Unreadable:
        assert not sender.strip()
        return
    assert normalise(once) == once
