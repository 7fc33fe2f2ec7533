"""One understander for all tests of understanding: it keeps nothing of what it is asked."""

import pytest

from sos.bot.understanding.understander import Understander
from tests.bot.understanding.labelled_sentences import LANGUAGES


@pytest.fixture(scope="session")
def understander() -> Understander:
    return Understander.load(LANGUAGES)
