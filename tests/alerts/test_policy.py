"""Escalation policies: checked key by key, chosen by what they are for, carried by the alert; a wrong file never blocks an SOS."""

import shutil
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import select

from sos.alerts.book import ALERTS
from sos.alerts.escalation.policies import Policies
from sos.alerts.escalation.policy import BUILT_IN, BadPolicy, Policy, Step, Who, choose, copied, kept, load, read
from sos.clock import ManualClock
from sos.db.database import Database
from sos.keys.keystore import Keystore
from tests.alerts.station import CONFIG, Station

GOOD = '[[steps]]\nwait = 0\nwho = "on_duty"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("", "steps", id="no steps"),
        pytest.param("steps = [1]", "steps", id="steps that are no tables"),
        pytest.param('[[steps]]\nwait = 10\nwho = "on_duty"\n', "steps[0].wait", id="a first level that waits"),
        pytest.param(GOOD + '[[steps]]\nwait = 5\nwho = "members"\n', "steps[1].wait", id="a level after five seconds"),
        pytest.param(GOOD + '[[steps]]\nwait = "soon"\nwho = "members"\n', "steps[1].wait", id="a wait in words"),
        pytest.param(GOOD + '[[steps]]\nwait = true\nwho = "members"\n', "steps[1].wait", id="a wait that is true"),
        pytest.param('[[steps]]\nwait = 0\nwho = "friends"\n', "steps[0].who", id="an unknown circle of people"),
        pytest.param('[[steps]]\nwait = 0\nwho = "members"\nroles = ["analyst"]\n', "steps[0].roles", id="analysts are never paged"),
        pytest.param('[[steps]]\nwait = 0\nwho = "members"\nchannels = ["mail"]\n', "steps[0].channels", id="an unknown channel"),
        pytest.param('[[steps]]\nwait = 0\nwho = "members"\nher_language = "yes"\n', "steps[0].her_language", id="a word for true"),
        pytest.param('[[steps]]\nwait = 0\nwho = "members"\nchanels = []\n', "steps[0].chanels", id="a misspelt key of a step"),
        pytest.param("repeat = 3\n" + GOOD, "repeat", id="an unknown key"),
        pytest.param("repeat_after = 1\n" + GOOD, "repeat_after", id="repeats every second"),
        pytest.param("repeat_after = 1000000\n" + GOOD, "repeat_after", id="repeats after eleven days"),
        pytest.param("silence_after = 1\n" + GOOD, "silence_after", id="silence of a second"),
        pytest.param("tell_her_after = []\n" + GOOD, "tell_her_after", id="she is never told"),
        pytest.param("tell_her_after = [600, 300]\n" + GOOD, "tell_her_after", id="moments that fall"),
        pytest.param("tell_her_after = [3600]\n" + GOOD, "tell_her_after", id="an hour without a word"),
        pytest.param('jurisdictions = ["Kosovo"]\n' + GOOD, "jurisdictions", id="a name for a code"),
        pytest.param('languages = ["de"]\n' + GOOD, "languages", id="an unknown language"),
        pytest.param('hours = ["22:00"]\n' + GOOD, "hours", id="half a span"),
        pytest.param('hours = ["22:00", "25:00"]\n' + GOOD, "hours", id="an hour that is none"),
        pytest.param("hours = [1, 2]\n" + GOOD, "hours", id="hours in numbers"),
        pytest.param("steps = ", "cannot be read", id="no TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_names_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "night.toml"
    file.write_text(text)
    with pytest.raises(BadPolicy) as refused:
        read(file)
    said = str(refused.value)
    assert said.startswith("night.toml: ")
    assert key in said
    assert "\n" not in said


def test_the_files_of_the_installation_are_good_and_the_built_in_ladder_is_the_default_one() -> None:
    policies = load(CONFIG)
    assert policies
    default = choose(policies, country=None, language=None, at=time(3, 0))
    assert [(step.wait, step.who) for step in default.steps] == [(step.wait, step.who) for step in BUILT_IN.steps]


def test_a_folder_without_a_policy_for_everyone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kosovo.toml").write_text('jurisdictions = ["XK"]\n' + GOOD)
    with pytest.raises(BadPolicy, match="for all other alerts"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("country", "language", "at", "name"),
    [
        pytest.param("XK", "sq", time(12), "kosovo", id="by jurisdiction"),
        pytest.param("RS", "sr", time(12), "all", id="otherwise the one for everyone"),
        pytest.param("RS", "sr", time(23), "night", id="by the hour"),
        pytest.param("RS", "sr", time(6), "all", id="the end of the hours is not in them"),
        pytest.param("XK", "rom", time(12), "kosovo_rom", id="the most particular wins"),
        pytest.param(None, None, time(12), "all", id="unknown country and language"),
    ],
)
def test_the_most_particular_policy_that_fits_is_taken(country: str | None, language: str | None, at: time, name: str) -> None:
    steps = (Step(0, Who.ON_DUTY),)
    policies = [
        Policy("all", steps),
        Policy("kosovo", steps, jurisdictions=("XK",)),
        Policy("kosovo_rom", steps, jurisdictions=("XK",), languages=("rom",)),
        Policy("night", steps, hours=("22:00", "06:00")),
    ]
    assert choose(policies, country=country, language=language, at=at).name == name


def test_a_policy_reads_back_from_its_copy_and_a_damaged_copy_is_the_built_in_ladder() -> None:
    for policy in load(CONFIG):
        assert kept(copied(policy)) == policy
    assert kept({}) == BUILT_IN
    assert kept({"steps": []}) == BUILT_IN


@pytest.mark.expects_errors
def test_a_running_process_keeps_the_last_good_policies_and_says_what_is_wrong(tmp_path: Path) -> None:
    shutil.copy(CONFIG / "default.toml", tmp_path / "default.toml")
    policies = Policies(tmp_path)
    before = policies.now()
    (tmp_path / "default.toml").write_text("repeat_after = 0\n")
    assert policies.now() == before
    assert policies.problem is not None
    assert policies.problem.startswith("default.toml: ")
    shutil.copy(CONFIG / "default.toml", tmp_path / "default.toml")
    assert policies.now() == before
    assert policies.problem is None


@pytest.mark.expects_errors
def test_a_process_that_starts_with_wrong_files_pages_by_the_built_in_ladder(
    tmp_path: Path, database: Database, keystore: Keystore, clock: ManualClock
) -> None:
    (tmp_path / "default.toml").write_text("nonsense")
    station = Station(database, keystore, clock, policies=tmp_path)
    ana = station.member("Ana", on_duty=True)
    station.sos()
    assert {message.member_id for message in station.messages()} == {ana}


def test_a_changed_file_never_alters_a_running_alert(tmp_path: Path, database: Database, keystore: Keystore, clock: ManualClock) -> None:
    shutil.copy(CONFIG / "default.toml", tmp_path / "default.toml")
    station = Station(database, keystore, clock, policies=tmp_path)
    station.member("Ana", on_duty=True)
    bora = station.member("Bora")
    raised = station.sos()
    station.send()
    (tmp_path / "default.toml").write_text(GOOD + '[[steps]]\nwait = 900\nwho = "members"\nroles = ["supervisor"]\n')
    assert len(station.alerts._escalation._policies.now()[0].steps) == 2
    station.pass_time(seconds=80)
    assert bora in {message.member_id for message in station.messages()}
    later = station.sos("+38344000002")
    with database.read() as conn:
        waits = {row.id: [step["wait"] for step in row.policy["steps"]] for row in conn.execute(select(ALERTS))}
    assert waits[raised.id] == [0, 75, 90, 120]
    assert waits[later.id] == [0, 900]


def test_those_who_speak_her_language_are_first_and_everyone_where_nobody_does(station: Station) -> None:
    station.member("Ana", on_duty=True, languages=("sr",))
    vera = station.member("Vera", on_duty=True, languages=("tr", "en"))
    station.sos(language="tr")
    assert {message.member_id for message in station.messages()} == {vera}
    station.send()
    station.sos("+38344000002", language="rom")
    assert len({message.member_id for message in station.messages()}) == 2
