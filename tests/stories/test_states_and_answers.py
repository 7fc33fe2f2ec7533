"""Whatever has become of an alert, her yes and no about a call still count, a code that comes too late takes nothing, and the page shows the change."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from sos.alerts.models import AlertRow
from sos.alerts.states import Outcome
from sos.bot.messages import Channel
from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from tests.alerts.station import Station
from tests.bot.talking import Line, Person
from tests.stories.hotline import alert_of, lines, on_duty
from tests.stories.voices import introduced

pytestmark = pytest.mark.story
STATES = ("received", "being_shown", "taken", "opened", "answered", "handed_over")


def brought_to(line: Line, state: str, member: str) -> None:
    """The newest alert in this state, by what people do."""
    alerts, alert = line.rooms.alerts, alert_of(line)
    way: dict[str, tuple[Callable[..., object], ...]] = {
        "received": (),
        "being_shown": (lambda unit: alerts.shown(unit, [alert], member),),
        "taken": (lambda unit: alerts.take(unit, alert, member),),
        "opened": (lambda unit: alerts.take(unit, alert, member), lambda unit: alerts.opened(unit, alert, member)),
        "answered": (lambda unit: alerts.take(unit, alert, member), lambda unit: alerts.answered(unit, alert, member)),
        "handed_over": (lambda unit: alerts.take(unit, alert, member), lambda unit: alerts.hand_over(unit, alert, member, None, "")),
    }
    for act in way[state]:
        with line.rooms.database.write() as unit:
            act(unit)
    with line.rooms.database.read() as conn:
        assert conn.execute(select(AlertRow.state).where(AlertRow.id == alert)).scalar_one() == state


@pytest.mark.parametrize("state", STATES)
def test_her_yes_and_no_about_a_call_are_kept_in_every_state(line: Line, ana: Person, state: str) -> None:
    introduced(ana)
    member = on_duty(line)
    on_duty(line, "Bora")
    ana.sends("SOS")
    brought_to(line, state, member)
    yes, no = ana.sends("1"), ana.sends("2")
    assert [one for one in line.entries() if one.startswith("call_192")] == ["call_192_yes", "call_192_no"]
    assert "The program never calls" in yes[0]
    assert no


@pytest.mark.parametrize("state", STATES)
def test_the_page_without_a_script_shows_what_became_of_it(line: Line, state: str) -> None:
    her = introduced(line.person("w" * 32, Channel.WEB))
    member = on_duty(line)
    on_duty(line, "Bora")
    her.sends("SOS")
    before = len(lines(her))
    brought_to(line, state, member)
    told = [line_["told"] for line_ in lines(her)[before:] if "told" in line_]
    expected = {
        "received": [], "being_shown": ["being_shown"], "taken": ["taken"], "opened": ["taken", "opened"],
        "answered": ["taken"], "handed_over": ["taken", "handed_over"],
    }  # fmt: skip
    assert told == expected[state]


@pytest.fixture
def station(database: Database, keystore: Keystore, clock: ManualClock) -> Station:
    return Station(database, keystore, clock)


def test_a_code_that_comes_after_the_close_takes_nothing(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    late = next(message.code for message in station.messages() if message.member_id == bora)
    station.act("take", raised.id, ana)
    station.act("answered", raised.id, ana)
    station.act("close", raised.id, ana, Outcome.SAFE_FOR_NOW, "")
    assert station.take_by_text(raised.number, late) is None
    assert station.state(raised.id).value == "closed"


def test_what_was_handed_over_is_taken_by_the_code_of_its_own_page(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.act("hand_over", raised.id, ana, bora, "")
    code = next(message.code for message in station.messages() if message.member_id == bora)
    answer = station.take_by_text(raised.number, code)
    assert answer is not None
    assert answer.taken
    assert station.row(raised.id).taken_by == bora
