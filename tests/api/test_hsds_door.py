"""The public door: HSDS pages, filters that are AND, clear errors, no cookie, nothing stored, nothing confidential."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sos.api.hsds import Directory, blueprint
from sos.db.database import Database
from sos.directory.exchange.hsds_out import term_id
from sos.directory.matching.live import LiveIndex
from sos.geo.naming import folded_name
from sos.keys.keystore import Keystore
from tests.directory.builders import CATEGORIES, ZONE
from tests.shelters.worlds import fill


@pytest.fixture
def client(database: Database, keystore: Keystore) -> FlaskClient:
    fill(database, keystore.place_key)
    app, live = Flask("api"), LiveIndex(folded_name, ZONE)
    app.register_blueprint(blueprint(Directory(database.read, lambda: live, lambda: CATEGORIES)))
    return app.test_client()


def get(client: FlaskClient, path: str) -> Any:
    answered = client.get(f"/api/v1{path}")
    assert answered.status_code == 200, answered.data
    return answered.get_json()


def test_it_says_which_version_it_speaks(client: FlaskClient) -> None:
    assert get(client, "/")["version"] == "3.1"
    assert set(get(client, "/")) == {"version", "profile", "openapi_url"}


def test_a_page_has_the_shape_of_the_standard(client: FlaskClient) -> None:
    page = get(client, "/services?per_page=10&page=2")
    assert set(page) == {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"}
    assert (page["page_number"], page["size"], page["first_page"], page["last_page"], page["empty"]) == (2, 10, False, False, False)
    assert page["total_items"] >= 60


def test_all_pages_together_are_every_service_once(client: FlaskClient) -> None:
    pages = get(client, "/services?per_page=7")["total_pages"]
    ids = [one["id"] for n in range(1, pages + 1) for one in get(client, f"/services?per_page=7&page={n}")["contents"]]
    assert len(ids) == len(set(ids)) == get(client, "/services")["total_items"]
    assert get(client, f"/services?per_page=7&page={pages}")["last_page"] is True
    assert get(client, f"/services?per_page=7&page={pages + 1}")["empty"] is True


def test_filters_narrow_together(client: FlaskClient) -> None:
    legal = get(client, "/services?taxonomy_term_id=legal_aid&full=true&per_page=100")
    assert legal["contents"]
    assert {one["x_category"] for one in legal["contents"]} == {"legal_aid"}
    assert get(client, f"/services?taxonomy_term_id={term_id('legal_aid')}")["total_items"] == legal["total_items"]
    both = get(client, "/services?taxonomy_term_id=legal_aid&search=peje")
    assert both["total_items"] == 1
    owner = both["contents"][0]["organization"]["id"]
    assert get(client, f"/services?organization_id={owner}")["total_items"] == 1
    assert get(client, "/services?modified_after=2999-01-01")["empty"] is True
    assert get(client, "/services?modified_after=2000-01-01T00:00:00Z")["total_items"] >= 60


def test_minimal_says_less_and_full_says_more(client: FlaskClient) -> None:
    sizes = [len(json.dumps(get(client, f"/services?per_page=5&{how}"))) for how in ("minimal=true", "", "full=true")]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3


@pytest.mark.parametrize("kind", ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"])
def test_what_a_list_shows_can_be_fetched_by_its_id(client: FlaskClient, kind: str) -> None:
    shown = get(client, f"/{kind}")["contents"]
    assert shown
    assert get(client, f"/{kind}/{shown[0]['id']}")["id"] == shown[0]["id"]


BAD = ["page=0", "page=-1", "page=x", "per_page=0", "per_page=1000", "full=perhaps", "modified_after=yesterday", "format=xml", "page=1e3"]


@pytest.mark.parametrize("query", BAD)
def test_a_bad_question_is_400_and_one_json_error(client: FlaskClient, query: str) -> None:
    answered = client.get(f"/api/v1/services?{query}")
    assert answered.status_code == 400
    assert list(answered.get_json()) == ["error"]


@pytest.mark.parametrize(
    "path", ["services/nothing", "organizations/nothing", "service_at_locations/x", "taxonomies/x", "taxonomy_terms/x"]
)
def test_what_is_not_there_is_404_and_one_json_error(client: FlaskClient, path: str) -> None:
    answered = client.get(f"/api/v1/{path}")
    assert answered.status_code == 404
    assert list(answered.get_json()) == ["error"]


def test_no_answer_sets_a_cookie_or_may_be_stored(client: FlaskClient) -> None:
    paths = ["", "services", "services/x", "services?page=0", "organizations", "taxonomy_terms"]
    answers = [client.get(f"/api/v1/{path}") for path in paths]
    assert len(answers) == len(paths)
    assert all("Set-Cookie" not in one.headers and one.headers["Cache-Control"] == "no-store" for one in answers)


def test_nothing_of_the_vault_is_shown_or_counted(client: FlaskClient) -> None:
    shelters = get(client, "/services?taxonomy_term_id=shelter&full=true")["contents"]
    assert shelters
    assert all("Night room" in one["name"] for one in shelters)
    assert get(client, "/organizations?search=calm")["total_items"] == 0
