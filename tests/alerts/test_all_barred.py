"""Nobody is left who could open the case: administrators are called too, and her wish for another person counts no more against supervisors."""

import pytest
from sqlalchemy import select

from sos.alerts.errors import Conflicted
from sos.alerts.models import AlertEntryRow
from sos.alerts.queries import waiting
from sos.alerts.raising import Another
from sos.alerts.states import Alert
from sos.staff.members.states import Role
from sos.survivors.address import Address, Channel
from tests.alerts.station import Station

HER = Address(Channel.SMS, "+38344000001")


def paged(station: Station) -> set[str]:
    return {message.member_id for message in station.messages()}


def sees(station: Station, member: str) -> bool:
    with station.database.read() as conn:
        return bool(waiting(conn, viewer=member, now=station.clock.now()))


def test_a_conflict_of_the_very_last_person_pages_administrators_at_once(station: Station) -> None:
    ana, vera = station.member("Ana", on_duty=True), station.member("Vera", Role.ADMINISTRATOR)
    raised = station.sos(HER.value)
    assert vera not in paged(station), "not before it must be"
    station.act("declare_conflict", raised.id, ana)
    assert paged(station) == {vera}
    station.send()
    again = station.sos("+38344000002")
    assert paged(station) == {ana}, "another woman is asked for by whoever can open it"
    station.act("take", again.id, ana)


def test_her_next_sos_for_which_everyone_is_barred_pages_administrators_at_once(station: Station) -> None:
    ana, vera = station.member("Ana", on_duty=True), station.member("Vera", Role.ADMINISTRATOR)
    raised = station.sos(HER.value)
    station.act("take", raised.id, ana)
    station.act("opened", raised.id, ana)
    station.act("declare_conflict", raised.id, ana)
    station.send()
    with station.database.write() as unit:
        station.alerts.raise_alert(unit, address=None, survivor_id="s0001", reason="sos_word", words="SOS")
    assert paged(station) == {vera}


def wished_away(station: Station, mira: str) -> str:
    """Her alert, whose taker she has refused."""
    raised = station.sos(HER.value)
    station.act("take", raised.id, mira)
    assert station.act("another_person", HER) is Another.GIVEN
    assert not sees(station, mira)
    return raised.id


def test_after_a_conflict_of_the_last_one_a_supervisor_whom_she_refused_sees_it_again(station: Station) -> None:
    ana, mira = station.member("Ana", on_duty=True), station.member("Mira", Role.SUPERVISOR, on_duty=True)
    alert = wished_away(station, mira)
    station.act("take", alert, ana)
    station.send()
    station.act("declare_conflict", alert, ana)
    assert station.state(alert) is Alert.RECEIVED
    assert paged(station) == {mira}
    assert sees(station, mira)
    assert not sees(station, ana)
    station.act("take", alert, mira)
    with station.database.read() as conn:
        kinds = conn.execute(select(AlertEntryRow.kind).where(AlertEntryRow.alert_id == alert)).scalars().all()
    assert "bars_lifted" in kinds


def test_while_anybody_else_can_open_it_her_wish_stands(station: Station) -> None:
    ana, bora = station.member("Ana", on_duty=True), station.member("Bora")
    mira = station.member("Mira", Role.SUPERVISOR, on_duty=True)
    alert = wished_away(station, mira)
    station.act("declare_conflict", alert, ana)
    assert not sees(station, mira)
    assert sees(station, bora)


@pytest.mark.parametrize("first_refused", [False, True], ids=["declared", "refused by her, then declared"])
def test_a_declared_conflict_counts_always(station: Station, *, first_refused: bool) -> None:
    ana, mira = station.member("Ana", on_duty=True), station.member("Mira", Role.SUPERVISOR, on_duty=True)
    alert = wished_away(station, mira) if first_refused else station.sos(HER.value).id
    station.act("declare_conflict", alert, mira, by=ana)
    station.act("declare_conflict", alert, ana)
    assert not sees(station, mira)
    with pytest.raises(Conflicted):
        station.act("take", alert, mira)


def test_she_cannot_refuse_the_last_person_who_could_open_it_though_an_administrator_is_left(station: Station) -> None:
    ana = station.member("Ana", on_duty=True)
    station.member("Vera", Role.ADMINISTRATOR)
    raised = station.sos(HER.value)
    station.act("take", raised.id, ana)
    assert station.act("another_person", HER) is Another.NOTED
    assert sees(station, ana)
