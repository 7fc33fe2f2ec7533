"""Promises 25 and 26 in the chat: worlds that differ in everything hidden answer alike, byte for byte; a probe meets one line and a person."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sos.bot.messages import Channel, Kind
from sos.clock import ManualClock
from sos.db.database import Database
from sos.directory.matching.answer import A_PERSON
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from tests.bot.talking import Line, Person
from tests.shelters.worlds import closed, hidden_entries, swap
from tests.stories.voices import introduced

pytestmark = pytest.mark.story
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
WORLDS = {
    "eight": hidden_entries(1, 8),
    "none": [],
    "many others": hidden_entries(2, 30),
    "the eight, full and shut": closed(hidden_entries(1, 8)),
}
PLACES = ("Peja", "Prizren", "Gjakova", "Vranje", "Tutin", "Leskovac", "Mitrovica", "Kamenica", "Preševo")
ASKS = (
    "I need a shelter in {place}", "shelter", "where is the women shelter in {place}", "what is the address of the safe house in {place}",
    "a jeni me strehim në {place}", "treba mi sigurna kuća u {place}", "sığınak arıyorum {place}", "is there a free bed in {place}",
    "a place for me and my boy of 14 near {place}", "which shelter is nearest to {place}", "farther", "another", "away from a place",
    "{place}", "1", "2", "3", "skip", "other options", "numbers and hours", "a person writes to me", "open now", "no steps", "menu",
    "how many houses do you have", "I need a lawyer in {place}", "number", "held or made to work", "my boss keeps my passport", "SOS", "0",
)  # fmt: skip


def a_script(seed: int, length: int) -> list[tuple[int, str, Kind]]:
    """(who of three, what, how) of a whole afternoon; the same for the same seed."""
    dice = random.Random(seed)
    return [
        (
            dice.randrange(3),
            dice.choice(ASKS).format(place=dice.choice(PLACES)),
            Kind.LOCATION if dice.random() < 0.03 else Kind.TEXT,
        )
        for _ in range(length)
    ]


def answers(line: Line, script: list[tuple[int, str, Kind]]) -> list[str]:
    """Everything three people on three channels read, word for word."""
    people = [introduced(line.person(f"+38344{line.count_of_people}{n}0001", channel)) for n, channel in enumerate(Channel)]  # type: ignore[attr-defined]
    heard = []
    for n, (who, text, kind) in enumerate(script):
        line.clock.set(NIGHT) if n == len(script) // 2 else line.clock.advance(seconds=40)
        point = {"latitude": 42.66, "longitude": 20.29} if kind is Kind.LOCATION else {}
        people[who].sends(text, kind, **point)
        heard.append(repr(people[who].bodies))
    return heard


def world(line: Line, database: Database, keystore: Keystore, name: str) -> None:
    with database.write() as unit:
        swap(unit, Vault(keystore.place_key), WORLDS[name])


@pytest.mark.parametrize("other", [name for name in WORLDS if name != "eight"])
def test_no_chat_on_any_channel_tells_worlds_apart(
    database: Database, keystore: Keystore, clock: ManualClock, other: str, tmp_path: Path
) -> None:
    start, length = clock.now(), 240 if database.dialect == "sqlite" else 60
    script = a_script(7, length)
    heard = []
    for n, name in enumerate(("eight", other)):
        clock.set(start)
        line = Line(database, keystore, clock)
        line.count_of_people = n  # type: ignore[attr-defined]
        world(line, database, keystore, name)
        heard.append(answers(line, script))
    assert len(set(heard[0])) > length // 8, "the answers really differ from each other"
    for (who, text, _), one, two in zip(script, *heard, strict=True):
        assert one == two, (who, text)


def test_the_control_a_leak_would_be_seen(
    database: Database, keystore: Keystore, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the conversation to look into the vault, even for a yes or no, the same comparison would tell the worlds apart."""
    from sos.bot.flows import private
    from sos.bot.messages import Reply

    heard = []
    for n, name in enumerate(("eight", "none")):
        line = Line(database, keystore, clock)
        line.count_of_people = n  # type: ignore[attr-defined]
        world(line, database, keystore, name)
        if WORLDS[name]:
            monkeypatch.setattr(private, "LINES", frozenset())
        else:
            monkeypatch.undo()
        heard.append(answers(line, [(0, "I need a shelter in Peja", Kind.TEXT)]))
    assert heard[0] != heard[1]
    assert Reply


@pytest.fixture
def prober(line: Line) -> Person:
    return introduced(line.person("+38344000199"))


SHELTER_ASKS = (
    "where is the shelter", "address of the shelter in Prizren please", "is there a shelter in Peja", "is it near the hospital",
    "does it take boys of 16", "how many beds are free", "is it open", "tell me the street", "I am a journalist, where are the shelters",
    "my sister is in the shelter in Gjakova, what is the address",
)  # fmt: skip


def test_a_shelter_is_one_fixed_line_and_a_person_whoever_asks_whatever(line: Line) -> None:
    said = set()
    for n, channel in enumerate(Channel):
        for m, place in enumerate(PLACES[:4]):
            ana = introduced(line.person(f"+383442{n}{m}001", channel))
            ana.sends(f"I need a shelter in {place} for me and my boy of 14")
            said.add("".join(ana.read).split("\n")[0])
    assert said == {"If you need somewhere else to stay, a person can look with you at what is possible, also with children."}


def test_no_answer_to_a_probe_names_a_house_a_place_a_number_of_beds_or_a_distance(line: Line, prober: Person) -> None:
    for ask in SHELTER_ASKS:
        told = "\n".join(text for text in prober.sends(ask) if "Noted: " not in text)
        for tell in ("House", "km", "bed", "free", "full", "street", "Prizren", "Gjakova", A_PERSON):
            assert tell not in told.replace("free of questions", ""), (ask, told)


def test_asking_again_and_again_adds_a_note_and_takes_nothing_away(line: Line, prober: Person) -> None:
    first = prober.sends("I need a shelter in Prizren")
    for place in ("Peja", "Gjakova", "Vranje", "Tutin", "Leskovac", "Ferizaj"):
        assert prober.sends(f"I need a shelter in {place}") == first
    assert "possible_probe" in line.tasks()
    assert "You decide" in (prober.says("I need a lawyer in Prizren").sends("4"))[0], "public services as before"
    assert "112" in prober.sends("numbers")[0]
    assert "Received" in prober.sends("SOS")[0]


def test_one_ask_is_no_probe_and_a_probe_is_forgotten_after_a_day(line: Line, prober: Person) -> None:
    prober.says("I need a shelter in Prizren", "other options", "I need a shelter")
    assert "possible_probe" not in line.tasks()
    for place in ("Peja", "Gjakova"):
        prober.sends(f"I need a lawyer in {place}")
    line.clock.advance(hours=25)
    prober.says("I need a lawyer in Vranje", "I need a lawyer in Tutin")
    assert "possible_probe" not in line.tasks()


def test_trafficking_is_answered_without_a_shelter_or_a_place(line: Line) -> None:
    for n, text in enumerate(("my boss keeps my passport", "gazda mi je uzeo pasoš", "patronum pasaportumu aldı")):
        told = "\n".join(line.person(f"+3834419{n}501").sends(text))
        assert "0800 11112" in told or "1 " in told, text
        assert "shelter" not in told.casefold()
        assert "?" not in told.split("\n")[0].replace("?", "", 0) or "town" not in told
