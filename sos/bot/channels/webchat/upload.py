"""Reads the form by which she keeps something. Never writes a part of it to a disk: what does not fit into memory is refused, not spooled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Final

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from sos.survivors.evidence.states import MOST_BYTES

_AROUND: Final = 256 * 1024
"""Bytes for the words beside the file and the form itself."""
_DRAINED: Final = 64 * 1024 * 1024
"""Up to so much of what is too large is read and dropped, so that the browser shows our sentence instead of a broken connection."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What she chose. `body`: the file's bytes, empty where there is none."""

    body: bytes = field(repr=False, default=b"")
    name: str = field(repr=False, default="")
    media_type: str = ""
    words: str = field(repr=False, default="")


def read(request: Request) -> Upload | None:
    """The form; None where it is too large."""
    length = request.content_length
    request.max_content_length = _DRAINED
    request.max_form_memory_size = None
    if length is None or length > MOST_BYTES + _AROUND:
        _drain(request, length)
        return None
    parser = FormDataParser(stream_factory=_in_memory, max_form_memory_size=_AROUND, silent=True)
    try:
        _, form, files = parser.parse(request.stream, request.mimetype, length, dict(request.mimetype_params))
    except RequestEntityTooLarge:
        return None
    sent = files.get("file")
    body = sent.read() if sent else b""
    if len(body) > MOST_BYTES:
        return None
    return Upload(
        body, (sent.filename or "") if sent and body else "", (sent.mimetype or "") if sent and body else "", form.get("words", "")
    )


def _in_memory(
    total_content_length: int | None, content_type: str | None, filename: str | None, content_length: int | None = None
) -> IO[bytes]:
    del total_content_length, content_type, filename, content_length
    return BytesIO()


def _drain(request: Request, length: int | None) -> None:
    if length is None or length > _DRAINED:
        return
    while request.stream.read(64 * 1024):
        pass


def fields(request: Request, names: Mapping[str, int]) -> dict[str, str]:
    """Fields of an ordinary small form, each cut to its length."""
    return {name: request.form.get(name, "")[:most] for name, most in names.items()}
