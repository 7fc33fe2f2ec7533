"""One gazetteer for all tests of places: it never changes after loading."""

import pytest

from sos.geo import index
from sos.geo.gazetteer import Gazetteer
from sos.geo.index import NameIndex


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def names() -> NameIndex:
    return index.load()
