"""The chain shows every change, swap and gap; the parts lose no bit and tell a class, not a size."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sos.encryption import new_key
from sos.survivors.evidence import chain
from sos.survivors.evidence.chunks import PART, SMALL, join, size_class, split
from sos.survivors.evidence.states import MOVES, Evidence, Medium
from sos.survivors.keys import PersonKey

NOW = datetime(2026, 11, 23, 3, 12, 7, 123456, tzinfo=UTC)


def kept(count: int) -> list[chain.Item]:
    items, before = [], chain.START
    for n in range(1, count + 1):
        card = chain.Card(n, Medium.PHOTO, f"{n}.jpg", "image/jpeg", 10, "ab" * 32, "web", None, NOW, NOW)
        card_bytes = chain.written(card)
        before = chain.next_link(before, card_bytes)
        items.append(chain.Item(str(n), n, Evidence.KEPT, before, card, card_bytes))
    return items


def test_a_whole_chain_holds_and_an_empty_one_too() -> None:
    assert chain.broken(kept(5)) == chain.broken([]) == ()


@given(st.integers(1, 6), st.data())
def test_any_changed_byte_of_any_card_shows(count: int, data: st.DataObject) -> None:
    items = kept(count)
    place = data.draw(st.integers(0, count - 1))
    at = data.draw(st.integers(0, len(items[place].card_bytes) - 1))
    changed = bytearray(items[place].card_bytes)
    changed[at] ^= data.draw(st.integers(1, 255))
    items[place] = replace(items[place], card_bytes=bytes(changed))
    assert place + 1 in chain.broken(items)


@given(st.integers(2, 6), st.data())
def test_any_item_taken_out_of_the_middle_or_the_start_shows(count: int, data: st.DataObject) -> None:
    items = kept(count)
    gone = data.draw(st.integers(0, count - 2))
    del items[gone]
    assert gone + 1 in chain.broken(items)


@given(st.permutations(range(4)))
def test_any_other_order_shows(order: list[int]) -> None:
    whole = kept(4)
    items = [replace(whole[n], n=place + 1) for place, n in enumerate(order)]
    assert (chain.broken(items) == ()) == (list(order) == [0, 1, 2, 3])


def test_one_that_she_erased_alone_breaks_nothing() -> None:
    items = kept(3)
    items[1] = chain.Item("2", 2, Evidence.ERASED, items[1].link)
    assert chain.broken(items) == ()
    items[1] = replace(items[1], link=bytes(32))
    assert chain.broken(items) == (3,)


def test_a_link_tells_nothing_of_what_it_covers() -> None:
    """The salt: the same card twice makes two links, so no picture can be tried against one."""
    card = chain.Card(1, Medium.PHOTO, "", "", 10, "ab" * 32, "web", None, NOW, NOW)
    assert chain.next_link(chain.START, chain.written(card)) != chain.next_link(chain.START, chain.written(card))


def test_a_card_is_read_as_it_was_written_to_the_microsecond() -> None:
    card = chain.Card(3, Medium.WORDS, "ž \N{SNOWMAN}.txt", "text/plain", 0, "00" * 32, "sms", NOW, NOW, NOW)
    assert chain.read(chain.written(card)) == card


@given(st.binary(max_size=3 * SMALL) | st.integers(0, 12 * PART).map(bytes))
def test_parts_join_to_the_very_bytes_and_are_of_one_size(body: bytes) -> None:
    parts = split(body)
    assert join(parts, len(body)) == body
    assert len({len(part) for part in parts}) == 1
    key = PersonKey(new_key())
    sealed = [key.seal(part, table="evidence_chunks", column="body", row=str(n)) for n, part in enumerate(parts)]
    assert join((key.open(one, table="evidence_chunks", column="body", row=str(n)) for n, one in enumerate(sealed)), len(body)) == body


@given(st.integers(1, 400))
def test_a_size_class_is_no_smaller_and_at_most_a_quarter_larger(count: int) -> None:
    assert count <= size_class(count) <= count * 1.25
    assert size_class(size_class(count)) == size_class(count)


@pytest.mark.parametrize("state", Evidence)
def test_every_state_is_left_or_ends(state: Evidence) -> None:
    assert MOVES.moves[state] or state is Evidence.ERASED
