"""Practice over the project's own scenarios."""

from pathlib import Path

import pytest

from sos.practice.actions import Practice
from sos.practice.scenarios import Scenarios
from sos.practice.topics import Topics

CONFIG = Path(__file__).parents[2] / "config" / "practice"
KEY = b"k" * 32


@pytest.fixture(scope="session")
def scenarios() -> Scenarios:
    return Scenarios.load(CONFIG / "scenarios")


@pytest.fixture(scope="session")
def topics() -> Topics:
    return Topics.load(CONFIG / "topics.toml")


@pytest.fixture
def practice(scenarios: Scenarios, topics: Topics) -> Practice:
    return Practice(scenarios, topics, KEY)
