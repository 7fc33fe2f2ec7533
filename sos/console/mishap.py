"""What a browser is shown under `/staff` where there is no page, or one failed: calm, in words, with a way on. Needs neither database nor keys."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from flask import Response, make_response, render_template, request

from sos.console.guard import at_staff, by_script

_SAID: Final[Mapping[int, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("Nothing was done", "What came could not be read. Go back, load the page again, and try once more."),
    HTTPStatus.FORBIDDEN: ("Nothing here for you", "This is not open to you. If you need it, ask a colleague who runs this service."),
    HTTPStatus.NOT_FOUND: ("There is nothing here", "The page does not exist, has moved on, or is not for you. Nothing was changed."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Nothing was done", "This page cannot be used in that way. Go back and try again from there."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("This is too large", "Nothing was stored. Send less at a time."),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "This did not work just now",
        "Nothing was stored. Try again in a moment. Pages and telephones go on without this screen; if it lasts, tell whoever runs this service.",
    ),
}


def page(status: int) -> Response | None:
    """The page for this status; None where the caller is no browser on the staff's side, and hears JSON."""
    if not at_staff(request.path) or by_script() or not request.accept_mimetypes.accept_html:
        return None
    title, said = (
        _SAID.get(status) or _SAID[HTTPStatus.BAD_REQUEST if status < HTTPStatus.INTERNAL_SERVER_ERROR else HTTPStatus.SERVICE_UNAVAILABLE]
    )
    return make_response(render_template("staff/error.html", title=title, said=said), status)
