"""Where she moved is under a key of its own: gone at the close, here and, once its epoch ends, in every copy (DOMAIN 6)."""

from sqlalchemy import select, update

from sos.alerts.models import AlertEntryRow
from sos.alerts.points import actions as points
from sos.alerts.points.models import PointsKeyRow
from sos.alerts.queries import Reading
from sos.alerts.states import Note, Outcome
from sos.privacy.epochs import EVERY, OLD_LIVES, Epochs
from sos.survivors.address import Address, Channel
from tests.alerts.station import Station

HER = Address(Channel.SMS, "+38344000001")


def shared(station: Station) -> tuple[str, str]:
    """(alert, member): an answered alert with two points."""
    ana = station.member("Ana", on_duty=True)
    raised = station.sos()
    station.act("take", raised.id, ana)
    station.act("answered", raised.id, ana)
    for point in ("42.66,21.16", "42.67,21.17"):
        with station.database.write() as unit:
            station.alerts.add(unit, HER, Note.POINT, point)
    return raised.id, ana


def seen(station: Station, alert: str, member: str) -> list[str | None]:
    with station.database.write() as unit:
        view = Reading(station.keystore, station.audit).view(unit, alert, member)
    return [entry.text for entry in view.entries if entry.kind == Note.POINT.value]


def test_while_it_is_open_whoever_has_it_sees_where_she_is(station: Station) -> None:
    alert, ana = shared(station)
    assert seen(station, alert, ana) == ["42.66,21.16", "42.67,21.17"]


def test_the_key_moves_with_the_epoch_as_long_as_it_is_open(station: Station) -> None:
    alert, ana = shared(station)
    station.clock.advance(seconds=EVERY.total_seconds() + 60)
    epochs = Epochs(station.database, station.keystore, station.audit)
    epochs.tend()
    station.clock.advance(seconds=OLD_LIVES.total_seconds() + 60)
    epochs.tend()
    assert len(station.keystore.epochs) == 1
    assert seen(station, alert, ana) == ["42.66,21.16", "42.67,21.17"]


def test_a_backup_made_before_the_close_shows_no_point_with_every_key_still_held(station: Station) -> None:
    """The rows of an old copy are put back: the key was noted as erased, and once its epoch is gone nothing opens it at all."""
    alert, ana = shared(station)
    with station.database.read() as conn:
        kept = conn.execute(select(PointsKeyRow.__table__)).mappings().one()
        bodies = conn.execute(select(AlertEntryRow.id, AlertEntryRow.body).where(AlertEntryRow.kind == Note.POINT.value)).all()
    assert all(row.body for row in bodies)
    station.act("close", alert, ana, Outcome.SAFE_FOR_NOW, "")
    assert seen(station, alert, ana) == [None, None]
    with station.database.write() as unit:
        unit.conn.execute(update(PointsKeyRow).values(wrapped_key=kept["wrapped_key"]))
        for row in bodies:
            unit.conn.execute(update(AlertEntryRow).where(AlertEntryRow.id == row.id).values(body=row.body))
    assert seen(station, alert, ana) == [None, None], "the alert's own key must not open them"
    with station.database.read() as conn:
        assert points.key_of(conn, station.keystore, alert) is None


def test_a_later_alert_of_hers_has_a_key_of_its_own(station: Station) -> None:
    alert, ana = shared(station)
    station.act("close", alert, ana, Outcome.SAFE_FOR_NOW, "")
    again = station.sos()
    with station.database.write() as unit:
        station.alerts.add(unit, HER, Note.POINT, "42.60,21.10")
    assert again.id != alert
    assert seen(station, again.id, ana) == ["42.60,21.10"]
