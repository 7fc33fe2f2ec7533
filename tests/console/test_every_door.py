"""Every door of the staff's side, by every role and by nobody: who may not is sent to sign in or finds nothing, and an id that is no one's opens nothing.

Reads the access table and the routes themselves, so that a new page is tried here without anybody remembering to.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sos.access.permission_map import ENDPOINTS, Caller, Permission, Signed, permits
from sos.console.guard import at_staff
from sos.staff.members.states import Role
from tests.console.signed_in import add_member, form_token, sign_in

STRANGE = {"survivor_id": "0" * 32, "number": 999, "token": "none", "act": "close", "name": "none", "slug": "none"}
"""What stands in an address of a thing that there is not; every other id is thirty-two zeros."""
PUBLIC = frozenset({Permission.STAFF_SIGN_IN, Permission.STATIC_READ, Permission.DUTY_FEED})
ENDS_THE_SESSION = ("sign_in.out", "account.end_all")
_SCRIPT = {"Sec-Fetch-Dest": "empty"}


def doors(app: Flask) -> Iterator[tuple[str, str, str, Permission, bool]]:
    """(endpoint, method, address, permission, whether the address holds an id) of everything under /staff."""
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if at_staff(rule.rule):
                values = {name: STRANGE.get(name, "0" * 32) for name in rule.arguments}
                address = urls.build(rule.endpoint, values, method=method)
                yield rule.endpoint, method, address, ENDPOINTS[rule.endpoint, method], bool(values)


def asked(client: FlaskClient, method: str, address: str, **headers: str) -> TestResponse:
    return client.open(address, method=method, headers=headers)


def test_who_is_not_signed_in_is_sent_to_sign_in_by_every_door(app: Flask) -> None:
    client, tried = app.test_client(), 0
    client.environ_base["HTTP_X_CSRF_TOKEN"] = form_token(app, client)
    for endpoint, method, address, permission, _ in doors(app):
        if permission in PUBLIC:
            continue
        tried += 1
        answer = asked(client, method, address)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/staff/sign-in"), endpoint
        assert asked(client, method, address, **_SCRIPT).status_code == 401, endpoint
    assert tried > 70


@pytest.mark.parametrize(("role", "fresh"), [*((role, False) for role in Role), (Role.ADMINISTRATOR, True)])
def test_a_role_opens_what_the_table_gives_it_and_finds_nothing_elsewhere(app: Flask, role: Role, fresh: bool) -> None:
    member = add_member(app.extensions["sos"].rooms, alias="Role", roles=(role,))
    client, refused = sign_in(app, member, fresh=fresh), 0
    for endpoint, method, address, permission, holds_id in doors(app):
        if endpoint in ENDS_THE_SESSION:
            continue
        caller = Caller(member=Signed(member, frozenset({role.value}), fresh))
        answer = asked(client, method, address)
        where = f"{endpoint} {method}"
        if permits(permission, caller):
            assert answer.status_code < 500, where
            assert not (method == "GET" and holds_id and answer.status_code == 200), f"{where} opens what is no one's"
        elif permits(permission, Caller(member=Signed(member, frozenset({role.value}), fresh=True))):
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/staff/fresh"), where
        else:
            refused += 1
            assert answer.status_code == 404, where
        assert "no-store" in answer.headers["Cache-Control"] or endpoint == "staff.file", where
        assert answer.headers["X-Frame-Options"] == "DENY", where
    assert refused > 5


def test_a_form_without_our_token_changes_nothing_at_any_door(app: Flask) -> None:
    member = add_member(app.extensions["sos"].rooms, alias="Role", roles=[*Role])
    client, tried = sign_in(app, member, fresh=True), 0
    del client.environ_base["HTTP_X_CSRF_TOKEN"]
    for endpoint, method, address, _, _ in doors(app):
        if method == "POST":
            tried += 1
            assert asked(client, method, address).status_code == 400, endpoint
    assert tried > 40
    assert client.get("/staff/account").status_code == 200, "the session was not ended by a forged form either"
