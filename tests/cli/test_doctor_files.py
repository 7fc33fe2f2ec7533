"""The doctor names pathways and questionnaires that are broken, invented, or read by nobody; a finding never stops the others."""

import inspect
import re
import shutil
from pathlib import Path

import pytest

from config.settings import Settings
from sos.cli import doctor
from sos.cli.doctor import Level
from sos.factory import House


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    settings = Settings.from_environ({"SOS_INSTANCE": str(tmp_path / "instance")})
    shutil.copytree(settings.config, tmp_path / "config", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(Settings, "config", tmp_path / "config")
    return House(settings)


def refused(findings: "list[doctor.Finding]") -> list[str]:
    return [one.what for one in findings if one.level is Level.REFUSE]


def test_what_is_invented_and_read_by_nobody_is_refused_before_going_live(found: House) -> None:
    pathways = refused(list(doctor._pathways(found, Level.REFUSE)))
    assert [what.partition(":")[0] for what in pathways] == ["6 invented for demonstration", "6 reviewed by nobody"]
    assert refused(list(doctor._assessments(found, Level.REFUSE))) == [
        "2 questionnaires were reviewed by nobody: durable_solutions 1, needs 1"
    ]
    assert refused(list(doctor._pathways(found, Level.WARN))) == [], "tolerable in a demonstration"


def test_a_broken_file_is_named_and_the_others_stay(found: House) -> None:
    (found.settings.config / "pathways" / "xk-broken.toml").write_text("municipality = ")
    needs = found.settings.config / "assessments" / "needs.1.toml"
    needs.write_text(needs.read_text().replace('categories = ["health"]', 'categories = ["palaces"]'))
    assert any("xk-broken.toml" in what for what in refused(list(doctor._pathways(found, Level.REFUSE))))
    assert any("needs.1.toml" in what and "palaces" in what for what in refused(list(doctor._assessments(found, Level.REFUSE))))
    assert "6 municipalities" in [one.what for one in doctor._pathways(found, Level.REFUSE)]


def test_a_signed_installation_has_nothing_to_name(found: House) -> None:
    for file in [*(found.settings.config / "pathways").glob("*.toml"), *(found.settings.config / "assessments").glob("*.toml")]:
        signed = (
            file.read_text()
            .replace('review = "none"', 'review = "a partner 2026-11-22"')
            .replace("demonstration = true", "demonstration = false")
        )
        file.write_text(signed)
    findings = [*doctor._pathways(found, Level.REFUSE), *doctor._assessments(found, Level.REFUSE)]
    assert [one.what for one in findings] == ["6 municipalities"]


def test_questions_about_danger_that_nobody_signed_are_refused_and_a_broken_exercise_is_named(found: House) -> None:
    questionnaires = list(doctor._questionnaires(found, Level.REFUSE))
    assert any("reviewed by nobody" in what for what in refused(questionnaires))
    assert not refused(list(doctor._questionnaires(found, Level.WARN)))
    folder = found.settings.config
    for path in (folder / "questionnaires" / "broken.1.toml", folder / "practice" / "scenarios" / "broken.toml"):
        path.write_text("slug = ")
    assert any("broken.1.toml" in what for what in refused(list(doctor._questionnaires(found, Level.REFUSE))))
    practice = list(doctor._practice(found, Level.REFUSE))
    assert [one.level for one in practice] == [Level.WARN, Level.OK]
    assert "broken.toml" in practice[0].what


def test_a_wrong_escalation_policy_is_named(found: House) -> None:
    assert not refused(list(doctor._escalation(found, Level.REFUSE)))
    (found.settings.config / "escalation" / "broken.toml").write_text("[[step]]\n")
    assert refused(list(doctor._escalation(found, Level.REFUSE)))


def test_every_check_of_the_doctor_is_made() -> None:
    source = inspect.getsource(doctor)
    checks = set(re.findall(r"^def (_\w+)\(found: House, _?grave: Level\)", source, re.MULTILINE))
    assert len(checks) > 12
    assert checks <= set(re.findall(r"^        (_\w+),$", inspect.getsource(doctor.examine), re.MULTILINE))


def test_legal_grounds_that_no_lawyer_signed_are_refused_before_going_live(found: House) -> None:
    said = [one for one in doctor.examine(found, strict=True) if one.check == "laws"]
    assert any("unsigned" in what for what in refused(said))
    assert not refused([one for one in doctor.examine(found, strict=False) if one.check == "laws"])
