"""Every door is in the access table, every permission is used, every column has a class and a retention."""

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

import sos
from config.settings import Settings
from sos.access.permission_map import ENDPOINTS, PERMISSIONS, Caller, Permission, permits
from sos.db.base import Base
from sos.factory import create_app
from sos.privacy.inventory import COLUMNS, KEPT


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(Settings.from_environ({"SOS_INSTANCE": str(tmp_path)}))


def test_every_route_is_in_the_access_table_and_every_line_of_it_is_a_route(app: Flask) -> None:
    routes = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert routes
    assert routes == set(ENDPOINTS)


def test_a_route_that_is_not_in_the_table_is_denied(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert b"secret" not in answer.data


def test_every_permission_is_mapped_and_used() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert set(ENDPOINTS.values()) == set(Permission)


@pytest.mark.parametrize(
    ("permission", "caller", "allowed"),
    [
        pytest.param(Permission.INTAKE_MESSAGE, Caller(), False, id="an unsigned message is not taken in"),
        pytest.param(Permission.INTAKE_MESSAGE, Caller(gateway_signed=True), True, id="a signed one is"),
        pytest.param(Permission.CHAT_USE, Caller(), True, id="she is never asked who she is"),
        pytest.param(Permission.METRICS_READ, Caller(), False, id="metrics are for this machine only"),
        pytest.param(Permission.METRICS_READ, Caller(on_loopback=True), True, id="over loopback they are shown"),
        pytest.param(Permission.PHONE_PLAY, Caller(on_loopback=True), False, id="in production there is no demonstration phone"),
        pytest.param(Permission.PHONE_PLAY, Caller(demonstration=True), False, id="nor from another machine"),
    ],
)
def test_who_may(permission: Permission, caller: Caller, allowed: bool) -> None:
    assert permits(permission, caller) is allowed


def test_every_column_has_a_class_and_every_table_a_retention() -> None:
    for module in pkgutil.walk_packages(sos.__path__, "sos."):
        if module.name.endswith(".models"):
            import_module(module.name)
    tables = {table.name: {column.name for column in table.columns} for table in Base.metadata.tables.values()}
    assert len(tables) > 12
    classed = {table: [name for names in classes.values() for name in names.split()] for table, classes in COLUMNS.items()}
    assert {table: set(names) for table, names in classed.items()} == tables
    assert all(len(names) == len(set(names)) for names in classed.values())
    assert set(KEPT) == set(tables)
