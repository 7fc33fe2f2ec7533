"""The one door to a true place: refused without a fresh factor, audited in the same transaction, silent about what it does not hold."""

import pytest
from sqlalchemy import select

from sos.audit.actions import Audit
from sos.audit.models import AuditRow
from sos.db.database import Database
from sos.directory.entries import HiddenEntry, OrganisationEntry, PlaceEntry, ServiceEntry
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from sos.shelters.errors import NoSuchHiddenService, NotFresh
from sos.shelters.reveal import SHOWN, Reveal, Why

HOUSE, CASE, ANA = "1" * 32, "c" * 32, "a" * 32


@pytest.fixture
def reveal(database: Database, keystore: Keystore) -> Reveal:
    place = PlaceEntry(id="4" * 32, location_id="5" * 32, address="12 Quiet Street", city="Zzyzxville")
    entry = ServiceEntry(id=HOUSE, name="Oak", category="shelter", organisation=OrganisationEntry(id="3" * 32, name="Oak"), places=(place,))
    with database.write() as unit:
        Vault(keystore.place_key).keep(unit, HiddenEntry(entry, "the hotline"))
    return Reveal(keystore.place_key, Audit(keystore.audit_key))


def audited(database: Database) -> set[tuple[str, str, str]]:
    with database.read() as conn:
        rows = conn.execute(select(AuditRow.kind, AuditRow.subject, AuditRow.actor).where(AuditRow.kind.like("place.%")))
        return {(row.kind, row.subject, row.actor) for row in rows}


def test_it_opens_for_a_case_and_a_reason_and_is_audited_with_both(database: Database, reveal: Reveal) -> None:
    with database.write() as unit:
        found = reveal.place(unit, HOUSE, case=CASE, why=Why.ARRIVAL, by=ANA, fresh=True)
        assert found.until - unit.now == SHOWN
    assert found.places == ("12 Quiet Street, Zzyzxville",)
    assert "Quiet" not in repr(found)
    assert audited(database) == {("place.revealed.arrival", CASE, ANA), ("place.revealed", HOUSE, ANA)}


def test_without_a_fresh_factor_nothing_opens(database: Database, reveal: Reveal) -> None:
    with database.write() as unit, pytest.raises(NotFresh):
        reveal.place(unit, HOUSE, case=CASE, why=Why.POLICE, by=ANA, fresh=False)
    assert audited(database) == set()


def test_what_is_not_in_the_vault_is_refused_and_not_noted_as_opened(database: Database, reveal: Reveal) -> None:
    with database.write() as unit, pytest.raises(NoSuchHiddenService):
        reveal.place(unit, "9" * 32, case=CASE, why=Why.POLICE, by=ANA, fresh=True)
    assert audited(database) == set()
