"""HSDS in and out: what feeds contain, what the standard's own schemas say of our export, nothing confidential in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sos.db.database import Database
from sos.directory.entries import ServiceEntry
from sos.directory.errors import NotReadable
from sos.directory.exchange import hsds_out
from sos.directory.exchange.hsds_in import HsdsReader
from sos.directory.exchange.locating import Locator
from sos.directory.exchange.rows import Done
from sos.directory.states import Located, Papers, ServiceStatus, Whom
from sos.geo.gazetteer import Gazetteer
from sos.keys.keystore import Keystore
from tests.directory.builders import CATEGORIES
from tests.directory.conftest import Importing
from tests.shelters.worlds import fill

Held = Callable[[], list[ServiceEntry]]
STANDARD = Path(__file__).parents[3] / "shared" / "data"
needs_the_standard = pytest.mark.skipif(not (STANDARD / "hsds-3.1").is_dir(), reason="the HSDS schemas are not beside the project")


def a_feed(**more: Any) -> dict[str, Any]:
    return {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Free advice",
        "status": "active",
        "organization": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Desk", "description": "d"},
        "attributes": [{"id": "1", "taxonomy_term": {"id": "2", "name": "Legal aid", "code": "legal_aid", "description": "-"}}],
        "service_at_locations": [
            {"id": "3", "location": {"id": "4", "location_type": "physical", "addresses": [{"id": "5", "city": "Peja", "country": "XK"}]}}
        ],
    } | more


def test_the_demonstration_goes_out_and_comes_in_unchanged(database: Database, keystore: Keystore, bring_in: Importing, held: Held) -> None:
    fill(database, keystore.place_key)
    out = hsds_out.exported(held(), CATEGORIES)
    assert out["total_items"] == len(out["contents"]) >= 60
    report = bring_in(out, "hsds")
    assert {row.done for row in report.rows} == {Done.UNCHANGED}


def test_the_demonstration_goes_out_as_csv_and_comes_in_unchanged(
    database: Database, keystore: Keystore, bring_in: Importing, held: Held
) -> None:
    from sos.directory.exchange import csv_out

    fill(database, keystore.place_key)
    report = bring_in(csv_out.exported(held()))
    assert len(report.rows) >= 60
    assert {row.done for row in report.rows} == {Done.UNCHANGED}


def test_no_export_says_anything_of_the_vault(database: Database, keystore: Keystore, held: Held) -> None:
    from sos.directory.exchange import csv_out

    fill(database, keystore.place_key)
    text = json.dumps(hsds_out.exported(held(), CATEGORIES)) + csv_out.exported(held())
    assert "House" not in text.replace("Demonstration house", "").replace("Health house", "").replace("Children's house", "")
    assert "Invented lane" not in text
    assert "00 000 80" not in text


@needs_the_standard
def test_our_export_keeps_to_the_schemas_of_the_standard(database: Database, keystore: Keystore, held: Held) -> None:
    fill(database, keystore.place_key)
    schema = json.loads((STANDARD / "hsds-3.1/compiled/service.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    contents = hsds_out.exported(held(), CATEGORIES)["contents"]
    assert contents
    assert [error.message for one in contents for error in validator.iter_errors(one)] == []


@needs_the_standard
@pytest.mark.parametrize(
    "name", ["service_full.json", "service_list.json", "organization_full.json", "service_at_location_full.json", "tabular.json", "csv"]
)
def test_every_shape_of_the_standards_own_examples_is_read(name: str, bring_in: Importing) -> None:
    path = STANDARD / "hsds-3.1/examples" / name
    report = bring_in(path, "hsds")
    assert [row.error for row in report.rows] == [""]
    assert {row.done for row in bring_in(path, "hsds").rows} == {Done.UNCHANGED}


@needs_the_standard
def test_a_feed_of_a_hundred_services_is_read_twice_the_same(bring_in: Importing) -> None:
    path = STANDARD / "hsds-samples/oruk_services.json"
    first = bring_in(path, "hsds")
    assert len(first.rows) == 128
    assert first.bad == 0
    assert not {row.done for row in bring_in(path, "hsds").rows} & {Done.ADDED, Done.CHANGED, Done.ERROR}


SHAPES = [
    ("one service", a_feed()),
    ("a list", [a_feed()]),
    ("a page", {"total_items": 1, "contents": [a_feed()]}),
    ("an organisation with its services", {"id": "o", "name": "Desk", "services": [a_feed(organization=None)]}),
    ("a list of organisations", [{"id": "o", "name": "Desk", "services": [a_feed(organization=None)]}]),
    (
        "a service at a location",
        {"id": "x", "location": {"id": "4", "location_type": "virtual"}, "service": a_feed(service_at_locations=[])},
    ),
    ("services under their name", {"services": [a_feed()]}),
    ("lines of JSON", json.dumps(a_feed()) + "\n" + json.dumps(a_feed(id="b", name="B")) + "\n"),
]


@pytest.mark.parametrize(("what", "content"), SHAPES, ids=[row[0] for row in SHAPES])
def test_read_is(what: str, content: Any, bring_in: Importing, held: Held) -> None:
    report = bring_in(content, "hsds")
    assert report.rows
    assert report.bad == 0
    assert held()[0].organisation.name == "Desk"
    assert held()[0].category == "legal_aid"


def test_what_feeds_contain_is_read(bring_in: Importing, held: Held) -> None:
    bring_in(
        a_feed(
            description="<div>Help<br>for all</div>",
            phones=[{"number": "044 000 101, 044 000 102 (evenings)"}, {"number": "none"}],
            languages=[{"code": "sqi"}, {"name": "Serbian"}, {"name": "Elvish"}],
            schedules=[
                {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "08:00:00", "closes_at": "16:00:00"},
                {"freq": "WEEKLY", "byday": "WE", "opens_at": "99:00", "closes_at": "16:00"},
                {"freq": "MONTHLY", "bymonthday": "1", "opens_at": "08:00", "closes_at": "10:00"},
            ],
            required_documents=[{"document": "Identity card"}],
            eligibility_description="Women with children; boys under 12",
            fees_description="Free of charge",
            service_areas=[{"name": "Prizren"}, {"name": "the whole world and more"}],
            capacities=[{"unit": {"name": "beds"}, "available": 2, "maximum": 5, "updated": "2026-11-20T08:00:00Z"}],
        ),
        "hsds",
    )
    entry = held()[0]
    assert entry.description == "Help\nfor all"
    assert [phone.number for phone in entry.phones] == ["044 000 101", "044 000 102"]
    assert entry.phones[1].note == "evenings"
    assert entry.languages == {"sq", "sr"}
    assert [(line.days, line.opens) for line in entry.hours] == [(("MO", "TU"), 480)]
    assert entry.papers is Papers.SOME
    assert entry.accepts >= {Whom.WOMEN, Whom.CHILDREN}
    assert entry.boys_maximum_age == 11
    assert [row.area for row in entry.coverage] == ["xk-prizren"]
    assert entry.capacities[0].available == 2


def test_what_could_not_be_read_is_noted(bring_in: Importing) -> None:
    report = bring_in(a_feed(schedules=[{"opens_at": "25:61", "closes_at": "26:00"}], languages=[{"name": "Elvish"}]), "hsds")
    assert any("hours" in note for note in report.rows[0].notes)
    assert any("Elvish" in note for note in report.rows[0].notes)


BAD = [
    ("no object", 17, "not an object"),
    ("no name", a_feed(name=None), "name"),
    ("a status that is none", a_feed(status="on fire"), "status"),
    ("a category that is none", a_feed(x_category="magic"), "x_category"),
    ("confidential without a front gate", a_feed(x_confidential=True), "x_front_gate"),
]


@pytest.mark.parametrize(("what", "service", "field"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_service_is_a_clear_error(what: str, service: Any, field: str, bring_in: Importing, held: Held) -> None:
    report = bring_in([a_feed(id="fine"), service], "hsds")
    assert [row.done for row in report.rows] == [Done.HELD_BACK, Done.ERROR]
    assert report.rows[1].error.startswith(field)
    assert held() == []


PLACES = [
    ("coordinates as numbers", {"latitude": 42.66, "longitude": 20.29}, Located.GIVEN, "xk-peje"),
    ("with a decimal comma", {"latitude": "42,66", "longitude": "20,29"}, Located.GIVEN, "xk-peje"),
    ("exchanged", {"latitude": 20.29, "longitude": 42.66}, Located.GIVEN, "xk-peje"),
    ("zeros instead of nothing", {"latitude": 0, "longitude": 0, "addresses": [{"city": "Пећ"}]}, Located.GAZETTEER, "xk-peje"),
    ("a town alone", {"addresses": [{"city": "Bujanovac"}]}, Located.GAZETTEER, "rs-bujanovac"),
    ("a town nobody knows", {"addresses": [{"city": "Springfield", "country": "US"}]}, Located.NOWHERE, None),
]


@pytest.mark.parametrize(("what", "location", "located", "municipality"), PLACES, ids=[row[0] for row in PLACES])
def test_placed_by(
    what: str, location: dict[str, Any], located: Located, municipality: str | None, bring_in: Importing, held: Held
) -> None:
    bring_in(a_feed(service_at_locations=[{"location": {"id": "4", "location_type": "physical", **location}}]), "hsds")
    place = held()[0].places[0]
    assert (place.located, place.municipality) == (located, municipality)


def test_a_virtual_location_is_no_place_to_go_to(bring_in: Importing, held: Held) -> None:
    bring_in(a_feed(service_at_locations=[{"location": {"id": "4", "location_type": "virtual", "latitude": 42, "longitude": 21}}]), "hsds")
    assert held()[0].places == ()


def test_a_shelter_in_a_feed_is_kept_confidential_with_its_listed_contact_as_front_gate(bring_in: Importing, held: Held) -> None:
    shelter = a_feed(attributes=[{"taxonomy_term": {"name": "Women's shelter"}}], phones=[{"number": "044 000 101"}])
    report = bring_in(shelter, "hsds")
    assert report.rows[0].plain()["confidential"] is True
    assert held() == []
    assert bring_in(shelter, "hsds").rows[0].done is Done.UNCHANGED


def test_a_redacted_location_makes_a_service_confidential_whatever_it_says(bring_in: Importing, held: Held) -> None:
    redacted = a_feed(x_confidential=False, x_front_gate="desk", service_at_locations=[{"location": {"location_type": "redacted"}}])
    assert bring_in(redacted, "hsds").rows[0].plain().get("confidential") is True
    assert held() == []


UNREADABLE = [("not JSON", "{"), ("a number", "7"), ("no services", "{}"), ("nested without end", "[" * 100_000)]


@pytest.mark.parametrize(("what", "content"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_unreadable_is(what: str, content: str, bring_in: Importing) -> None:
    with pytest.raises(NotReadable) as refused:
        bring_in(content, "hsds")
    assert len(str(refused.value)) < 200


def test_a_service_that_closes_is_no_longer_offered_but_kept(bring_in: Importing, held: Held) -> None:
    bring_in(a_feed(), "hsds")
    assert bring_in(a_feed(status="temporarily closed"), "hsds").rows[0].done is Done.CHANGED
    assert held()[0].status is ServiceStatus.TEMPORARILY_CLOSED


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["id", "name", "status", "organization", "phones", "schedules", "languages", "service_at_locations", "attributes", "capacities",
          "service_areas", "required_documents", "minimum_age", "cost_options", "fees_description", "x_confidential", "x_boys_maximum_age"]  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), anything))
def test_no_object_whatever_crashes_the_reader(gazetteer: Gazetteer, given_object: dict[str, Any]) -> None:
    row = HsdsReader(CATEGORIES, Locator(gazetteer)).row(1, a_feed() | given_object)
    assert bool(row.error) != bool(row.entry or row.hidden)


def test_a_folder_of_tables_in_the_older_form_is_read(bring_in: Importing, held: Held, tmp_path: Path) -> None:
    folder = tmp_path / "older"
    folder.mkdir()
    tables = {
        "organizations": "id,name,description\n1,Desk,d\n",
        "locations": 'id,organization_id,accessibility,languages,name,virtual\n1,1,"ramp, wheelchair",sq,Hall,false\n',
        "addresses": "id,location_id,address_1,city,country\n1,1,Street 1,Peja,XK\n",
        "services": "id,location_id,name,eligibility,languages,required_documents,service_areas,status\n"
        '1,1,Legal advice,Women,"Albanian, Serbian",Passport,Prizren,active\n',
        "regular_schedules": "id,location_id,service_id,weekday,opens_at,closes_at\n1,1,,Monday,9am,5:00 PM\n",
        "phones": "id,location_id,number,number_type\n1,1,044 000 101,voice\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    assert bring_in(folder, "hsds").bad == 0
    entry = held()[0]
    assert (entry.name, entry.category, entry.organisation.name) == ("Legal advice", "legal_aid", "Desk")
    assert entry.languages == {"sq", "sr"}
    assert entry.papers_asked == ("Passport",)
    assert [(line.days, line.opens, line.closes) for line in entry.hours] == [(("MO",), 540, 1020)]
    assert (entry.places[0].municipality, entry.places[0].step_free) == ("xk-peje", True)
    assert [phone.number for phone in entry.phones] == ["044 000 101"]


def test_a_folder_without_services_is_one_clear_error(bring_in: Importing, tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    with pytest.raises(NotReadable):
        bring_in(folder, "hsds")
