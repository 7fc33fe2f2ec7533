"""The lexicons as files: all read, all heard, and none able to silence the others."""

import shutil
from pathlib import Path

import pytest

from sos.bot.understanding.intents import Danger, Intent
from sos.bot.understanding.lexicon import CODES, load_folder
from sos.bot.understanding.patterns import PhraseError, compile_phrase
from sos.bot.understanding.tags import BIT
from sos.bot.understanding.understander import Understander
from tests.bot.understanding.labelled_sentences import LANGUAGES


def test_every_shipped_lexicon_is_read_without_a_problem() -> None:
    lexicons, problems = load_folder(LANGUAGES)
    assert [lexicon.code for lexicon in lexicons] == list(CODES)
    assert problems == []
    assert all(lexicon.forms and lexicon.phrases for lexicon in lexicons)


@pytest.mark.parametrize("broken", CODES)
def test_a_broken_lexicon_silences_only_itself(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "languages"
    shutil.copytree(LANGUAGES, folder)
    (folder / broken / "lexicon.toml").write_bytes(b"[words\n\xff")
    understander = Understander.load(folder)
    assert [problem.code for problem in understander.problems] == [broken]
    assert understander.understand("SOS").danger is Danger.PROBABLE
    if broken != "en":
        assert understander.understand("my husband is beating me").intent is Intent.SOS


def test_nothing_to_read_still_leaves_an_understander_that_answers(tmp_path: Path) -> None:
    understander = Understander.load(tmp_path / "missing")
    assert len(understander.problems) == len(CODES)
    assert understander.understand("whatever").intent is Intent.UNKNOWN
    assert understander.sos_words("SOS")


def test_an_unknown_tag_or_a_bad_phrase_is_reported_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "lexicon.toml").write_text(
        '[words]\nnonsense = "a"\nsos = "sos"\n[phrases]\ncry = ["(help) me"]\nbeat = 3\n', "utf-8"
    )
    understander = Understander.load(tmp_path)
    said = [problem.what for problem in understander.problems if problem.code == "en"]
    assert len(said) == 3
    assert understander.understand("sos").danger is Danger.PROBABLE


@pytest.mark.parametrize("line", ["", "..", "(a) b", "a (b)", "a ..", "<nonsense> a", "A b"])
def test_a_phrase_that_cannot_be_read_is_refused_with_a_reason(line: str) -> None:
    with pytest.raises(PhraseError):
        compile_phrase(line, BIT["sos"], consumes=False)
