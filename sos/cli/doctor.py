"""`flask doctor`: what is missing before this installation may go live. Refuses at install, never at night: the running lifeline does not ask it.

One JSON line a finding on stdout: `{"check","level","what"}`, level `ok`, `warn` or `refuse`. Exit 1 when something is refused.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import click
from flask.cli import with_appcontext

from config.settings import TelegramMode
from sos.alerts.escalation.policy import BadPolicy
from sos.alerts.escalation.policy import load as load_policies
from sos.alerts.risk.questionnaire import Questionnaires as RiskQuestionnaires
from sos.assessments.questionnaires import UNREVIEWED, Questionnaires
from sos.audit import chain
from sos.bot.channels.alarm_ways import To
from sos.bot.channels.sms.numbers import normalise
from sos.bot.channels.sms.provider import Misconfigured, Telling
from sos.bot.understanding.understander import Understander
from sos.cli.context import house
from sos.console.health import chain_of
from sos.db.database import reachable
from sos.db.migrate import at_head
from sos.directory.categories import Categories
from sos.directory.jurisdictions import Jurisdictions
from sos.factory import House
from sos.keys.keystore import KeysUnavailable
from sos.practice.scenarios import Scenarios
from sos.referrals.override.grounds import Grounds
from sos.referrals.pathways.files import Pathways
from sos.safety_plans.vocabulary import Vocabulary
from sos.shelters.queries import Cards
from sos.staff.duty import queries as duty
from sos.staff.members.queries import members
from sos.staff.members.states import Role
from sos.staff.reach.queries import working as reached
from sos.watch.chain import Part

_ROTA_LOOKED_AT = timedelta(days=7)
_FEWEST = 2
"""People who can open a case: of one alone, a conflict of interest leaves nobody."""
SHOWN = 5
"""So many examples of a long list are named; the rest is counted."""


class Level(StrEnum):
    """How grave a finding is."""

    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor."""

    check: str
    level: Level
    what: str


@click.command("doctor")
@click.option(
    "--strict", is_flag=True, help="Refuse what must not go live: unverified numbers, unreviewed texts, keys beside the database."
)
@with_appcontext
def doctor(strict: bool) -> None:  # noqa: FBT001 - click's own form
    """Say what is missing before this installation may go live."""
    found = house()
    with contextlib.suppress(Exception):  # whatever cannot be prepared is what the checks below name
        found.prepare()
    findings = list(examine(found, strict=strict))
    for finding in findings:
        click.echo(json.dumps({"check": finding.check, "level": finding.level.value, "what": finding.what}, ensure_ascii=False))
    refused = [finding for finding in findings if finding.level is Level.REFUSE]
    if refused:
        click.echo(f"refused: {len(refused)} of {len(findings)} checks", err=True)
        sys.exit(1)


def examine(found: House, *, strict: bool) -> Iterator[Finding]:
    """All findings. `strict` turns what is tolerable in a demonstration into a refusal."""
    grave = Level.REFUSE if strict else Level.WARN
    for check in (
        _settings,
        _keys,
        _schema,
        _trail,
        _numbers,
        _laws,
        _escalation,
        _questionnaires,
        _practice,
        _pathways,
        _checklists,
        _assessments,
        _directory,
        _texts,
        _gateways,
        _chain,
        _watchdog,
        _staff,
    ):
        name = check.__name__.removeprefix("_")
        try:
            yield from check(found, grave)
        except KeysUnavailable as error:
            yield Finding(name, Level.REFUSE, str(error))
        except Exception as error:  # noqa: BLE001 - the doctor examines what is broken: it says so and goes on
            yield Finding(name, Level.REFUSE, f"not examined: {type(error).__name__}")


Check = Callable[[House, Level], Iterator[Finding]]


def _settings(found: House, grave: Level) -> Iterator[Finding]:
    settings = found.settings
    for name in settings.unknown:
        yield Finding("settings", Level.WARN, f"{name} is not a setting; is it misspelt?")
    if settings.demo:
        yield Finding("settings", grave, "SOS_ENV is demo: invented services are loaded")
    if not settings.public_url.startswith("https://"):
        yield Finding("settings", grave, "SOS_PUBLIC_URL is not https")


def _keys(found: House, grave: Level) -> Iterator[Finding]:
    settings = found.settings
    beside = settings.keys.is_relative_to(settings.instance) or (
        found.database.file and settings.keys.is_relative_to(found.database.file.parent)
    )
    if beside:
        yield Finding("keys", grave, "the keystore stands beside the database: set SOS_KEYS to another folder")
    try:
        current = found.keystore.current
    except KeysUnavailable as error:
        yield Finding("keys", Level.REFUSE, str(error))
        return
    if settings.keys.stat().st_mode & 0o077:
        yield Finding("keys", grave, "the keystore folder can be read by others: chmod 700")
    yield Finding("keys", Level.OK, f"open, {len(found.keystore.epochs)} epoch(s), the current one since {current.made:%Y-%m-%d}")


def _schema(found: House, _: Level) -> Iterator[Finding]:
    if not reachable(found.database.engine):
        yield Finding("database", Level.REFUSE, "cannot be reached")
    elif not at_head(found.database):
        yield Finding("database", Level.REFUSE, "schema is not at its head: run `flask db upgrade`")
    else:
        yield Finding("database", Level.OK, found.database.dialect)


def _trail(found: House, _: Level) -> Iterator[Finding]:
    try:
        with found.database.read() as conn:
            broken = chain.verify(conn, found.keystore.audit_key)
            anchored = chain.matches_anchor(conn, found.settings.keys / "anchors.log")
    except Exception as error:  # noqa: BLE001 - no database, no trail: said by the check above
        yield Finding("audit", Level.WARN, f"not examined: {type(error).__name__}")
        return
    for place in broken[:SHOWN]:
        yield Finding("audit", Level.REFUSE, f"writer {place.writer}, row {place.n}: {place.why}")
    if not anchored:
        yield Finding("audit", Level.REFUSE, "the trail's head is not the one anchored beside the keystore: an older or another database?")
    if not broken and anchored:
        yield Finding("audit", Level.OK, "the trail holds")


def _numbers(found: House, grave: Level) -> Iterator[Finding]:
    jurisdictions = Jurisdictions.load(found.settings.config / "jurisdictions")
    yield from (Finding("numbers", grave, problem) for problem in jurisdictions.problems)
    unverified = jurisdictions.unverified()
    if unverified:
        yield Finding(
            "numbers", grave, f"{len(unverified)} numbers were not called by a partner, e.g. {_some([n.slug for n in unverified])}"
        )


def _laws(found: House, grave: Level) -> Iterator[Finding]:
    """Grounds to share without her consent, and duties to report: a lawyer signs each before anybody may rest on it."""
    laws = Grounds.load(found.settings.config / "jurisdictions")
    yield from (Finding("laws", grave, problem) for problem in laws.problems)
    unsigned = laws.unsigned()
    if unsigned:
        yield Finding("laws", grave, f"{len(unsigned)} legal grounds and duties are unsigned, e.g. {_some([one.slug for one in unsigned])}")


def _escalation(found: House, grave: Level) -> Iterator[Finding]:
    """A wrong policy is not in force: a process pages by what it had, or by the built-in ladder."""
    try:
        policies = load_policies(found.settings.config / "escalation")
    except BadPolicy as problem:
        yield Finding("escalation", grave, str(problem))
    else:
        yield Finding("escalation", Level.OK, f"{len(policies)} policies")


def _questionnaires(found: House, grave: Level) -> Iterator[Finding]:
    """Questions about danger: a broken file is left out; what nobody has signed, or only demonstrates, must not be asked of anybody."""
    files = RiskQuestionnaires.load(found.settings.config / "questionnaires")
    yield from (Finding("questionnaires", grave, problem) for problem in files.problems)
    unreviewed = files.unreviewed()
    if unreviewed:
        yield Finding("questionnaires", grave, f"{len(unreviewed)} were reviewed by nobody, or only demonstrate: {_some(unreviewed)}")
    yield Finding("questionnaires", Level.OK, f"{len(files.files)} can be used")


def _practice(found: House, _: Level) -> Iterator[Finding]:
    """A broken exercise is left out; no survivor meets it."""
    scenarios = Scenarios.load(found.settings.config / "practice" / "scenarios")
    yield from (Finding("practice", Level.WARN, problem) for problem in scenarios.problems)
    yield Finding("practice", Level.OK, f"{len(scenarios.by_slug)} exercises")


def _pathways(found: House, grave: Level) -> Iterator[Finding]:
    """A wrong file is left out; an invented one sends a colleague to a telephone that nobody answers."""
    pathways = Pathways.load(found.settings.config / "pathways", categories=_categories(found))
    yield from (Finding("pathways", grave, problem) for problem in pathways.problems)
    for what, which in (("invented for demonstration", pathways.demonstrations), ("reviewed by nobody", pathways.unreviewed)):
        if which:
            yield Finding("pathways", grave, f"{len(which)} {what}: {_some(which)}")
    yield Finding("pathways", Level.OK, f"{len(pathways.by_municipality)} municipalities")


def _categories(found: House) -> frozenset[str]:
    """Read here: files are examined also while the keystore is away."""
    return frozenset(Categories.load(found.settings.config / "categories.toml").by_slug)


def _assessments(found: House, grave: Level) -> Iterator[Finding]:
    files = Questionnaires.load(found.settings.config / "assessments", categories=_categories(found))
    yield from (Finding("assessments", grave, problem) for problem in files.problems)
    unreviewed = [f"{one.slug} {one.version}" for one in files.by_key.values() if one.review == UNREVIEWED]
    if unreviewed:
        yield Finding("assessments", grave, f"{len(unreviewed)} questionnaires were reviewed by nobody: {_some(unreviewed)}")


def _checklists(found: House, grave: Level) -> Iterator[Finding]:
    """A broken file is refused: the plans that began with it cannot be shown."""
    folder, files = found.settings.config / "checklists", found.rooms.checklists
    yield from (Finding("checklists", Level.REFUSE, problem) for problem in files.problems)
    with found.database.read() as conn:
        lost = found.rooms.plan_reading.lost_files(conn)
    if lost:
        yield Finding("checklists", Level.REFUSE, f"plans have begun with files that are gone: {_some(lost)}")
    if not Vocabulary.load_good(folder, files).words:
        yield Finding("checklists", Level.REFUSE, "vocabulary.toml cannot be read: nothing but numbers can be written into a plan")
    if files.unreviewed:
        yield Finding("checklists", grave, f"{len(files.unreviewed)} were reviewed by nobody: {_some(files.unreviewed)}")
    yield Finding("checklists", Level.OK, f"{len(files.newest)} checklists")


def _directory(found: House, grave: Level) -> Iterator[Finding]:
    yield from (Finding("directory", grave, problem) for problem in found.rooms.categories.problems)
    for problem in Understander.load(found.settings.config / "languages").problems:
        yield Finding("lexicons", grave, f"{problem.code}: {problem.what}")
    cards = Cards(found.keystore.place_key)
    with found.database.read() as conn:
        kept = cards.all(conn)
    if cards.damaged:
        yield Finding("directory", Level.REFUSE, f"{len(cards.damaged)} confidential records do not open, e.g. {_some(cards.damaged)}")
    yield Finding("directory", Level.OK, f"{len(kept)} confidential records open")


def _texts(found: House, grave: Level) -> Iterator[Finding]:
    texts = found.rooms.texts
    yield from (Finding("texts", grave, problem) for problem in texts.problems())
    unreviewed, missing = texts.unreviewed(), texts.missing()
    if unreviewed:
        yield Finding("texts", grave, f"{len(unreviewed)} texts were read by no partner, e.g. {_some(unreviewed)}")
    if missing:
        yield Finding("texts", Level.WARN, f"{len(missing)} texts fall back to another language, e.g. {_some(missing)}")
    samples = [key for key in unreviewed if "cover" in key]
    if samples:
        yield Finding("texts", grave, "the cover texts are samples: write your own office's")


def _gateways(found: House, grave: Level) -> Iterator[Finding]:
    able = [name for name, provider in found.providers.items() if provider.can_send()]
    yield Finding("gateways", Level.OK if able else grave, f"SMS can leave by: {', '.join(able) or 'none'}")
    for name in found.settings.sms_out:
        if name not in able:
            yield Finding("gateways", grave, f"SOS_SMS_OUT names {name}, which cannot send")
        sender = found.settings.sms.get(name, {}).get("sender", "")
        if sender and not sender.removeprefix("+").isdecimal():
            yield Finding("gateways", grave, f"{name} sends under a name: what is no reply must leave from an unlisted number")
    if able and not found.settings.sms_out:
        yield Finding("gateways", Level.WARN, "SOS_SMS_OUT is empty: what is no reply leaves from the number that is published")
    settings = found.settings
    if settings.telegram_token and settings.telegram_mode is TelegramMode.WEBHOOK and not settings.telegram_secret:
        yield Finding("gateways", Level.REFUSE, "SOS_TELEGRAM_SECRET is missing: every update would be refused")


def _chain(found: House, _: Level) -> Iterator[Finding]:
    try:
        seen = chain_of(found)
    except Exception as error:  # noqa: BLE001 - said by the database check
        yield Finding("worker", Level.WARN, f"not examined: {type(error).__name__}")
        return
    for link in seen.links:
        missing = link.seconds is None and link.part is Part.WATCHDOG
        if link.late or missing:
            since = f"since {link.since:%Y-%m-%d %H:%M} UTC" if link.since else "never seen"
            yield Finding("chain", Level.WARN, f"{link.key}: {since}")
    if seen.whole:
        yield Finding("chain", Level.OK, "every part is young")
    yield from (Finding("chain", Level.WARN, warning.replace(":", ": ")) for warning in seen.warnings)
    if not any(link.part is Part.SYNTHETIC for link in seen.links):
        yield Finding("chain", Level.WARN, "the daily synthetic SOS has never gone all the way")


def _watchdog(found: House, grave: Level) -> Iterator[Finding]:
    settings = found.settings
    try:
        told = To.read(settings.watchdog_to)
    except Misconfigured as error:
        yield Finding("watchdog", Level.REFUSE, str(error))
        return
    if not told:
        yield Finding("watchdog", grave, "SOS_WATCHDOG_TO is empty: nobody is told when the chain is dead")
    if told.chats and not settings.telegram_token:
        yield Finding("watchdog", grave, "SOS_WATCHDOG_TO names a Telegram chat, but there is no SOS_TELEGRAM_TOKEN")
    if not settings.watchdog_ping_url:
        yield Finding("watchdog", Level.WARN, "SOS_WATCHDOG_PING_URL is not set: nobody notices when this machine is dead")
    for name, values in settings.sms.items():
        number = values.get("loopback", "")
        if number and not normalise(number).startswith("+"):
            yield Finding("watchdog", Level.REFUSE, f"SOS_SMS_{name.upper()}_LOOPBACK is no telephone number")
        provider = found.providers[name]
        if provider.can_send() and not number and not isinstance(provider, Telling):
            yield Finding("watchdog", Level.WARN, f"{name} has no heartbeat: set SOS_SMS_{name.upper()}_LOOPBACK to its own number")


def _staff(found: House, grave: Level) -> Iterator[Finding]:
    now = found.clock.now()
    with found.database.read() as conn:
        people, working = members(conn), reached(conn)
        gaps = duty.gaps(conn, now, now + _ROTA_LOOKED_AT)
    answering = [member for member in people if member.roles & {Role.OPERATOR, Role.SUPERVISOR}]
    silent = [member.alias for member in answering if member.id not in working]
    if silent:
        yield Finding("staff", Level.WARN, f"{len(silent)} who answer alerts have no working way but the console, e.g. {_some(silent)}")
    if len(answering) < _FEWEST:
        yield Finding(
            "staff", grave, f"{len(answering)} can answer an alert: a conflict of interest would leave nobody. At least {_FEWEST} must"
        )
    if not any(Role.SUPERVISOR in member.roles for member in people):
        yield Finding("staff", grave, "nobody is a supervisor")
    if gaps:
        first = gaps[0].starts.astimezone(found.rooms.jurisdictions.zone(None))
        hours = sum((gap.ends - gap.starts).total_seconds() for gap in gaps) / 3600
        yield Finding(
            "rota", Level.WARN, f"{len(gaps)} gaps in the next 7 days, {hours:.0f} hours in all; the first from {first:%Y-%m-%d %H:%M}"
        )
    if not silent and not gaps and answering:
        yield Finding("staff", Level.OK, f"{len(answering)} can be reached, and the next 7 days are staffed")


def _some(names: "list[str] | tuple[str, ...]") -> str:
    return ", ".join(list(names)[:SHOWN])
