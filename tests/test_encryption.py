"""Sealed values open only with their key and at their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.encryption import CannotOpen, new_key, open_sealed, seal

KEY = new_key()
PLACE = {"table": "words", "column": "word", "row": "a" * 32}


@given(st.binary(max_size=20_000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    assert open_sealed(KEY, seal(KEY, plain, **PLACE), **PLACE) == plain


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param({"table": "messages"}, id="a value moved to another table does not open"),
        pytest.param({"column": "body"}, id="a value moved to another column does not open"),
        pytest.param({"row": "b" * 32}, id="a value moved to another row does not open"),
    ],
)
def test_a_value_is_bound_to_its_place(elsewhere: dict[str, str]) -> None:
    with pytest.raises(CannotOpen):
        open_sealed(KEY, seal(KEY, b"peja", **PLACE), **{**PLACE, **elsewhere})


@given(st.integers(min_value=0, max_value=200))
def test_any_changed_byte_is_noticed(position: int) -> None:
    sealed = bytearray(seal(KEY, b"peja", **PLACE))
    sealed[position % len(sealed)] ^= 1
    with pytest.raises(CannotOpen):
        open_sealed(KEY, bytes(sealed), **PLACE)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(CannotOpen):
        open_sealed(new_key(), seal(KEY, b"peja", **PLACE), **PLACE)


def test_only_six_sizes_are_seen() -> None:
    sizes = {len(seal(KEY, b"x" * length, **PLACE)) for length in (*range(0, 300, 7), 1000, 4000, 16_000, 60_000)}
    assert len(sizes) == 6


def test_an_error_tells_nothing() -> None:
    with pytest.raises(CannotOpen) as error:
        open_sealed(KEY, b"junk", **PLACE)
    assert "a" * 32 not in str(error.value)
