"""What do you know about me: every field of every table that holds something of hers is told, and whoever read it (DOMAIN 11)."""

import pkgutil
from importlib import import_module

import pytest
from sqlalchemy import insert, select

import sos
from sos.alerts.models import AlertRow
from sos.audit.models import AuditRow
from sos.bot.channels.webchat.telling import INNER
from sos.bot.messages import Channel
from sos.clock import ManualClock
from sos.db.base import Base
from sos.db.database import Database
from sos.keys.keystore import Keystore
from sos.privacy import knowing
from sos.privacy.inventory import COLUMNS, Class
from sos.privacy.knowing import How, Told
from sos.staff.members.models import MemberRoleRow, MemberRow
from sos.survivors.evidence.actions import Original
from sos.survivors.evidence.states import Medium
from sos.survivors.safety_plan.states import Part
from sos.survivors.words import Word
from tests.bot.plain_desk import texts
from tests.bot.talking import Line, Person

NAMES_HER = {"survivor_id", "alert_id", "evidence_id", "task_id", "referral_id", "case_id", "application_id"}
"""Columns by which a row hangs on a survivor."""


def test_every_table_that_hangs_on_her_is_told() -> None:
    for module in pkgutil.walk_packages(sos.__path__, "sos."):
        if module.name.endswith("models"):
            import_module(module.name)
    hers = {name for name in COLUMNS if NAMES_HER & knowing.columns(name).keys()}
    hers |= {table.name for table in Base.metadata.tables.values() if NAMES_HER & {column.name for column in table.columns}}
    assert len(hers) > 10
    assert hers - set(knowing.tables()) - knowing.TOLD_AS_ACTS == set()


@pytest.mark.parametrize("language", ["en", "sq", "sr", "bs", "tr"])
def test_every_table_and_every_field_that_is_hers_has_words_in_her_language(language: str) -> None:
    lacking = [name for name in knowing.tables() if not texts().has(f"web.known_table_{name}", language)]
    for table in knowing.tables():
        for column, kind in knowing.columns(table).items():
            if kind is Class.SEALED and column not in INNER and not texts().has(f"web.known_field_{column}", language):
                lacking.append(f"{table}.{column}")
    assert lacking == []


@pytest.fixture
def ana(database: Database, keystore: Keystore, clock: ManualClock) -> Person:
    return Line(database, keystore, clock).person("web-session-1", Channel.WEB)


def told(ana: Person) -> Told:
    rooms = ana.line.rooms
    with rooms.database.write() as unit:
        return rooms.knowing.tell(unit, rooms.survivors.meet(unit, ana.address, "web"))


def test_all_that_she_left_here_is_told_in_the_clear(ana: Person) -> None:
    rooms = ana.line.rooms
    ana.says("hello", "1", "1", "SOS zvrkolampa")
    with rooms.database.write() as unit:
        known = rooms.survivors.meet(unit, ana.address, "web")
        hers = {"survivor_id": known.id, "key": known.key}
        rooms.survivors.agree_word(unit, known, Word.CHECK, "plavikopriva")
        rooms.evidence.keep(unit, Original(Medium.WORDS, b"words", "web", unit.now, name="dritanxhezve.txt"), **hers)
        rooms.own_plans.write(unit, Part.BAG, "under qumshlampa", **hers)
    found = told(ana)
    by_table = {record.table for record in found.records}
    assert {"survivors", "contacts", "words", "conversations", "messages", "alerts", "alert_entries", "evidence", "own_plans"} <= by_table
    for record in found.records:
        assert [field.name for field in record.fields] == list(knowing.columns(record.table)), "every field, none left out"
    shut = [(record.table, field.name) for record in found.records for field in record.fields if field.how is How.SHUT]
    assert shut == []
    values = " ".join(str(field.value) for record in found.records for field in record.fields)
    for word in ("zvrkolampa", "dritanxhezve", "qumshlampa", "web-session-1"):
        assert word in values, word
    assert "plavikopriva" not in values, "an agreed word is never shown"
    assert "plavikopriva" not in repr(found)
    assert "zvrkolampa" not in repr(found)


def test_whoever_read_it_is_named_by_alias_and_role_with_the_time(ana: Person) -> None:
    rooms = ana.line.rooms
    ana.says("SOS")
    with rooms.database.write() as unit:
        values = {
            "id": "e" * 32,
            "alias": "Drita",
            "languages": "sq",
            "countries": "XK",
            "state": "active",
            "invited_at": unit.now,
            "joined_at": unit.now,
        }
        unit.conn.execute(insert(MemberRow).values({name: value for name, value in values.items() if name in MemberRow.__table__.c}))
        unit.conn.execute(insert(MemberRoleRow).values(member_id="e" * 32, role="operator"))
        alert = unit.conn.execute(select(AlertRow.id)).scalar_one()
        rooms.audit.record(unit, "alert.read", subject=alert, actor="e" * 32)
    acts = told(ana).acts
    assert [(act.who, act.at) for act in acts if act.kind == "alert.read"] == [("Drita (operator)", ana.line.clock.now())]
    assert {act.kind for act in acts if act.hers} >= {"alert.raised"}


def test_nothing_of_anybody_else_is_told_and_that_she_asked_is_noted(ana: Person) -> None:
    other = ana.line.person("+38344000177")
    other.says("SOS plavilampa", "hello")
    ana.says("hello")
    assert "plavilampa" not in " ".join(str(field.value) for record in told(ana).records for field in record.fields)
    with ana.line.rooms.database.read() as conn:
        assert conn.execute(select(AuditRow.actor).where(AuditRow.kind == "survivor.asked_known")).scalars().all() == ["survivor"]
