"""Stories of matching, told over the demonstration directory: what she asks, what she hears, what nobody hears."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from sos.db.database import Database
from sos.directory.entries import CapacityEntry
from sos.directory.matching.answer import A_PERSON, Matched, answer
from sos.directory.matching.avoiding import avoided
from sos.directory.matching.live import LiveIndex
from sos.directory.matching.wish import Point, Wish
from sos.geo.gazetteer import Gazetteer
from sos.geo.naming import folded_name
from sos.keys.keystore import Keystore
from sos.shelters.actions import Vault
from sos.shelters.matching import answer_operator
from sos.shelters.queries import Cards
from tests.directory.builders import CATEGORIES, JURISDICTIONS, ZONE, on
from tests.shelters.worlds import GAZETTEER, fill

NOON = on(2026, 11, 23, 12)
pytestmark = pytest.mark.story


class Asker:
    """Asks for help somewhere; hears what a survivor hears, or what an operator sees."""

    def __init__(self, database: Database, keystore: Keystore) -> None:
        self.database, self.live, self.cards = database, LiveIndex(folded_name, ZONE), Cards(keystore.place_key)

    def wish(self, category: str, place: str, **more: object) -> Wish:
        found = GAZETTEER.locate(place).place
        assert found is not None
        made = Wish(CATEGORIES.asked(category), Point(found.lat, found.lon), found.municipality_id, found.country)
        return replace(made, **more)  # type: ignore[arg-type]

    def hears(self, category: str, place: str, *, at: datetime = NOON, **more: object) -> Matched:
        with self.database.read() as conn:
            return answer(self.live.snapshot(conn), self.wish(category, place, **more), self.live.moment(at), JURISDICTIONS)

    def operator_sees(self, category: str, place: str, *, at: datetime = NOON, **more: object) -> Matched:
        with self.database.read() as conn:
            cards, snapshot = self.cards.all(conn), self.live.snapshot(conn)
        return answer_operator(snapshot, cards, self.wish(category, place, **more), self.live.moment(at), JURISDICTIONS)


@pytest.fixture
def she(database: Database, keystore: Keystore) -> Asker:
    fill(database, keystore.place_key)
    return Asker(database, keystore)


Names = Callable[[Matched], list[str]]


def names(found: Matched) -> list[str]:
    return [one.name.removesuffix(" (demonstration)") for one in found.matches]


def test_the_nearest_that_works_for_her_municipality_comes_first(she: Asker) -> None:
    assert names(she.hears("legal_aid", "u Peći"))[0] == "Free legal advice, Pejë"
    assert names(she.hears("legal_aid", "Deçan")) == ["Free legal advice, Prishtinë"]  # Peja's desk is near, and works for Peja alone


def test_where_nothing_suits_she_hears_the_next_best_and_what_is_missing_and_the_numbers(she: Asker) -> None:
    found = she.hears("legal_aid", "Tutin", language="tr")
    assert found.matches == ()
    assert "language" in found.missing
    assert found.next_best
    assert found.hotlines


def test_at_night_the_night_line_is_open_until_six(she: Asker) -> None:
    found = she.hears("psychological", "Istog", at=on(2026, 11, 24, 3), open_now=True)
    assert names(found) == ["Counselling by phone at night, Prizren"]
    assert {"open.now"} <= {reason.code for reason in found.matches[0].reasons}
    assert found.matches[0].distance_km is None


def test_near_him_is_never_offered(she: Asker) -> None:
    away = avoided(GAZETTEER, ["Peja", "Mitrovica"])
    found = she.hears("social_work", "Istog", avoid=away.municipalities, avoid_names=away.names, limit=50)
    told = names(found) + [one.name for one in found.next_best]
    assert told
    assert not any("Pejë" in name or "Mitrovicë" in name for name in told)
    assert {"xk-mitrovice", "xk-mitrovice-e-veriut"} <= away.municipalities


def test_nobody_without_papers_is_sent_where_papers_are_asked(she: Asker) -> None:
    asked = names(she.hears("livelihood", "Ferizaj", no_papers=True))
    assert "Training and small grants, Ferizaj" not in asked
    assert "Training and small grants, Ferizaj" in names(she.hears("livelihood", "Ferizaj"))


def test_coverage_has_its_period(she: Asker) -> None:
    assert names(she.hears("livelihood", "Ferizaj", at=on(2026, 11, 23, 12)))
    assert names(she.hears("livelihood", "Ferizaj", at=on(2027, 3, 1, 12))) == []


def test_a_shelter_is_one_line_and_a_person_everywhere_and_always(she: Asker) -> None:
    for place in ("Peja", "Vranje", "Tutin"):
        for at in (NOON, on(2026, 11, 24, 3)):
            first = she.hears("shelter", place, at=at, children=3, boy_age=16).matches[0]
            assert (first.id, first.area, first.distance_km) == (A_PERSON, None, None)


def test_an_operator_sees_area_and_capacity_and_the_front_gate(she: Asker, database: Database, keystore: Keystore) -> None:
    found = she.operator_sees("shelter", "Gjakovë", boy_age=16, children=1)
    hidden = [one for one in found.matches if one.service is None]
    assert hidden
    assert all(one.distance_km is None and one.area == "XK" for one in hidden)
    assert all({"published_area", "front_gate", "boys_age"} <= {reason.code for reason in one.reasons} for one in hidden)
    with database.write() as unit:
        for one in hidden:
            Vault(keystore.place_key).set_capacity(unit, one.id, [CapacityEntry("bed", 0, 10, unit.now)])
    left = {one.id for one in she.operator_sees("shelter", "Gjakovë", boy_age=16, children=1).matches}
    assert not left & {one.id for one in hidden}


def test_he_is_given_a_programme_and_no_sign_of_her(she: Asker) -> None:
    found = she.hears("perpetrator_programme", "Prishtinë")
    assert names(found) == ["Programme for people who want to stop, Prishtinë"]
    assert not any("violence" in number.purposes for number in found.hotlines)


def test_trafficking_is_a_trained_person_first_never_a_shelter_by_itself(she: Asker) -> None:
    found = she.hears("trafficking", "Beograd" if GAZETTEER.locate("Beograd").place else "Vranje")
    assert found.matches[0].id == A_PERSON
    assert all(one.category == "trafficking" for one in found.matches)


def test_the_demonstration_reaches_every_category_and_the_municipalities_of_the_programme(she: Asker) -> None:
    with she.database.read() as conn:
        snapshot, cards = she.live.snapshot(conn), she.cards.all(conn)
    assert len(snapshot.services) >= 60
    assert len(cards) == 8
    assert {one.slug for one in CATEGORIES} == {service.category for service in snapshot.services}
    assert all("(demonstration)" in service.name and "(demonstration)" in service.organisation.name for service in snapshot.services)
    assert all(phone.number.startswith(("+383 00 ", "+381 00 ")) for service in snapshot.services for phone in service.phones)
    reached = {place.municipality for service in snapshot.services for place in service.places}
    assert len(reached) >= 25
    assert isinstance(GAZETTEER, Gazetteer)
