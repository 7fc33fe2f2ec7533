"""The labelled queries: both halves must reach the floor, and each answer must keep its shape."""

import pytest

from sos.geo.gazetteer import Gazetteer
from tests.geo.labels import FOLDER, is_right, labelled

FLOOR = 0.97


@pytest.mark.parametrize("half", ["measured", "tuned"])
def test_at_least_97_of_100_labelled_places_are_right(gazetteer: Gazetteer, half: str) -> None:
    asked = labelled(half)
    assert len(asked) >= 200
    wrong = [one for one in asked if not is_right(gazetteer.locate(one.query), one.expected)]
    assert len(wrong) <= len(asked) * (1 - FLOOR), [f"{one.source}: {one.query}" for one in wrong]


@pytest.mark.parametrize("source", sorted(path.stem for path in FOLDER.glob("*.tsv")))
def test_no_kind_of_query_lags_behind(gazetteer: Gazetteer, source: str) -> None:
    asked = [one for one in labelled() if one.source == source]
    assert asked
    right = sum(is_right(gazetteer.locate(one.query), one.expected) for one in asked)
    assert right >= len(asked) * 0.93


def test_the_labelled_set_is_large_and_names_every_served_municipality() -> None:
    asked = labelled()
    assert len(asked) >= 400
    named = {word for one in asked for word in one.expected.replace("?", "").split()} | {one.expected.partition("@")[2] for one in asked}
    assert len({name for name in named if name.startswith("xk-")}) == 38
    assert len({name for name in named if name.startswith("rs-")}) >= 19


def test_candidates_stand_only_where_there_is_no_place(gazetteer: Gazetteer) -> None:
    for one in labelled():
        located = gazetteer.locate(one.query)
        assert located.query == one.query
        assert len(located.candidates) <= 5
        assert not (located.place and located.candidates)
        assert len({place.id for place in located.candidates}) == len(located.candidates)
        assert 0 <= located.confidence <= 1
        assert (located.place is None) == (located.confidence <= 0.5)
