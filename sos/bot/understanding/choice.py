"""Chooses one intent for a message read: danger first, then who speaks, then what is asked for.

Every order here is a promise: nothing that is asked for may hide a probable danger, and a command never counts inside a cry.
"""

from dataclasses import dataclass
from typing import Final

from sos.bot.understanding.cries import grade_cry
from sos.bot.understanding.danger import find
from sos.bot.understanding.intents import Danger, Intent, Signal
from sos.bot.understanding.people import child_speaks, perpetrator, third_party, years
from sos.bot.understanding.reading import Reading
from sos.bot.understanding.tags import BIT, mask

ADULT: Final = 18
SERVICES: Final = (
    "trafficking", "perpetrator_programme", "social_work", "legal_aid", "psychological", "health",
    "shelter", "documents", "livelihood", "child", "police",
)  # fmt: skip
_SERVICE_BITS: Final = tuple((slug, BIT[f"svc_{slug}"]) for slug in SERVICES)
_LANGUAGE_BITS: Final = tuple((code, BIT[f"lang_{code}"]) for code in ("sq", "sr", "bs", "tr", "rom", "en"))
_CONFESSED: Final = mask("beat_1 kill_1 stop_hit")
_SHORT: Final = 6
_FEW: Final = 3
_BARE: Final = 2
_QUESTIONS: Final = ((Intent.ABOUT, BIT["about"]), (Intent.HELP, BIT["menu"]), (Intent.LOCATION, BIT["location"]))
_WORDS: Final = (
    (Intent.MORE, BIT["more"], 1),
    (Intent.SKIP, BIT["skip"], 1),
    (Intent.THANKS, BIT["thanks"], 2),
    (Intent.NO, BIT["no"], 0),
    (Intent.YES, BIT["yes"], 0),
    (Intent.GREETING, BIT["greeting"], 1),
)
_NOT_COMMAND: Final = mask("child partner he kin fig_kill thing food media")


@dataclass(frozen=True, slots=True)
class Choice:
    """Intent, category, confidence, danger and signals of one message."""

    intent: Intent
    category: str | None = None
    confidence: float = 0.9
    danger: Danger | None = None
    signals: frozenset[Signal] = frozenset()


def choose(reading: Reading) -> Choice:
    """The one intent of a message, with everything else that was heard."""
    if not reading.words:
        return Choice(Intent.UNKNOWN, confidence=0.0)
    finding = find(reading)
    cry = grade_cry(reading)
    grade = _graver(finding.grade, cry)
    signals = set(finding.signals) | _side_signals(reading)
    if cry and reading.all & BIT["sos"]:
        signals.add(Signal.SOS_WORD)
    slug = category(reading)
    if Signal.TRAFFICKING in signals:
        slug, grade = "trafficking", grade or Danger.DOUBTFUL

    his = perpetrator(reading)
    confessed = his is not None and reading.all & _CONFESSED and (not finding.own or reading.all & BIT["wife"])
    other = third_party(reading, finding)
    seen = isinstance(other, Danger) and (finding.grade is not Danger.PROBABLE or not finding.own)
    if his and (confessed or (not seen and grade is not Danger.PROBABLE)):
        programme = "perpetrator_programme" if Signal.WANTS_TO_STOP in his[1] else None
        return Choice(Intent.PERPETRATOR, programme, 0.85, his[0], frozenset(signals | his[1]))
    if seen and isinstance(other, Danger):
        return Choice(Intent.THIRD_PARTY, slug, 0.85, _graver(grade, other), frozenset(signals | {Signal.VIOLENCE}))
    if grade is Danger.PROBABLE:
        return Choice(Intent.SOS, None, 0.95 if not reading.guessed else 0.85, grade, frozenset(signals))
    if other:
        return Choice(Intent.THIRD_PARTY, slug, 0.7, grade, frozenset(signals))
    return _asked(reading, slug, grade, frozenset(signals))


def _asked(reading: Reading, slug: str | None, grade: Danger | None, signals: frozenset[Signal]) -> Choice:
    """What is asked for where nothing is probably burning: the first line that holds."""
    tags = reading.all
    command = _command(reading)
    asks_service = slug is not None and not (command is Intent.LANGUAGE and reading.words <= _BARE)
    afraid = grade is not None and slug is None and not tags & BIT["operator"] and bool(tags & BIT["not_safe"] or not tags & BIT["safe"])
    known = (reading.words - reading.unknown) / reading.words
    lines: tuple[tuple[bool, Intent | None, str | None, float], ...] = (
        (command in {Intent.ERASE, Intent.EXIT}, command, None, 0.95),
        (command is Intent.CANCEL and not tags & BIT["not_safe"], command, None, 0.9),
        (afraid, Intent.SOS, None, 0.6),
        (asks_service, Intent.SERVICE, slug, 0.75 if reading.guessed else 0.9),
        (command is Intent.LANGUAGE, command, _language_asked(tags), 0.95),
        (bool(tags & BIT["operator"]), Intent.OPERATOR, None, 0.9),
        (bool(tags & BIT["safe"]) and not tags & mask("not_safe question if errand"), Intent.SAFE, None, 0.85),
        (command is not None, command, None, 0.9 if reading.words <= _SHORT else 0.7),
    )
    for holds, intent, wish, confidence in lines:
        if holds and intent:
            return Choice(intent, wish, confidence, grade, signals)
    return Choice(Intent.UNKNOWN, None, 0.3 * known, grade, signals)


def _language_asked(tags: int) -> str | None:
    return next((code for code, bit in _LANGUAGE_BITS if tags & bit), None)


def _command(reading: Reading) -> Intent | None:
    """Short asks that are told by a word or two; longer messages that merely hold such a word are not commands."""
    tags, words = reading.all, reading.words
    short = reading.content <= _FEW and words <= _SHORT
    free = not tags & _NOT_COMMAND
    lines = (
        (Intent.ERASE, bool(tags & BIT["erase"]) and reading.content <= _SHORT and free),
        # a word that also shuts doors ("mbylle", "zatvori") is a command only by itself
        (
            Intent.EXIT,
            bool(tags & BIT["exit"]) and not (tags & BIT["lock"] and words > 1) and (short or bool(tags & BIT["not_only"])) and free,
        ),
        (Intent.CANCEL, bool(tags & BIT["cancel"]) and words <= 2 * _SHORT),
        (Intent.LANGUAGE, _language_asked(tags) is not None and words <= 2 * _SHORT),
        *((intent, bool(tags & bit) and words <= 3 * _SHORT) for intent, bit in _QUESTIONS),
        *((intent, bool(tags & bit) and short and _besides(reading, bit) <= spare) for intent, bit, spare in _WORDS),
    )
    return next((intent for intent, holds in lines if holds), None)


def _besides(reading: Reading, bit: int) -> int:
    """Words that are neither small nor the word meant: "po" alone is yes, "po gatuaj" is cooking."""
    told = bit | BIT["light"] | BIT["spanned"] | BIT["thanks"] | BIT["please"] | BIT["someone"]
    return sum(not tag & told for clause in reading.clauses for tag in clause.tags)


def category(reading: Reading) -> str | None:
    """The service asked for: the most particular one named."""
    return next((slug for slug, bit in _SERVICE_BITS if reading.all & bit), None)


def _side_signals(reading: Reading) -> set[Signal]:
    tags = reading.all
    signals: set[Signal] = set()
    if tags & BIT["svc_trafficking"] or (tags & BIT["sell"] and tags & mask("me first")):
        signals.add(Signal.TRAFFICKING)
    if tags & BIT["boss"] and tags & mask("passport nowork lock locked rape sell") and not tags & BIT["media"]:
        signals.add(Signal.TRAFFICKING)
    if tags & BIT["police_barred"]:
        signals.add(Signal.POLICE_BARRED)
    if tags & mask("rape raped") and not tags & BIT["media"]:
        signals.add(Signal.SEXUAL_VIOLENCE)
    if tags & BIT["pregnant"]:
        signals.add(Signal.PREGNANT)
    if tags & mask("fig_kill fig_hit laugh media sport"):
        signals.add(Signal.FIGURATIVE)
    if tags & mask("far") and tags & mask("beat hit beaten choke abuse rape raped"):
        signals.add(Signal.PAST_VIOLENCE)
    age = years(reading)
    if tags & BIT["minor"] or (age is not None and age < ADULT):
        signals |= {Signal.UNDER_18, Signal.CHILD_SPEAKING}
    if child_speaks(reading):
        signals.add(Signal.CHILD_SPEAKING)
    return signals


def _graver(one: Danger | None, other: Danger | None) -> Danger | None:
    if Danger.PROBABLE in (one, other):
        return Danger.PROBABLE
    return one or other
