"""Files as they come: any of the encodings of the region, any separator, JSON of any shape. One clear error where a file cannot be read."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sos.directory.errors import NotReadable

LARGEST = 200 * 1024 * 1024
_WIDEST_FIELD = 20 * 1024 * 1024


def text_of(path: Path) -> str:
    """The file's text: UTF-8 with or without BOM, UTF-16 with BOM, else windows-1250. Raises NotReadable."""
    try:
        if path.stat().st_size > LARGEST:
            raise NotReadable(f"{path.name}: larger than {LARGEST // 1024 // 1024} MiB")
        raw = path.read_bytes()
    except OSError as error:
        raise NotReadable(f"{path.name}: {error.strerror or 'cannot be read'}") from None
    return decoded(raw, path.name)


def decoded(raw: bytes, name: str) -> str:
    """Bytes as text. Raises NotReadable for what is no text."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in raw[:4096]:
        raise NotReadable(f"{name}: this is not a text file")
    else:
        encodings = ["utf-8-sig", "windows-1250"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable(f"{name}: neither UTF-8 nor windows-1250")


def json_of(path: Path) -> Any:
    """The JSON value, or the list of values of a JSON-lines file. Raises NotReadable with the line."""
    text = text_of(path)
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        raise NotReadable(f"{path.name}: nested too deeply") from None
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            try:
                return [json.loads(line, parse_constant=lambda _: None) for line in lines]
            except (ValueError, RecursionError):
                pass
        raise NotReadable(f"{path.name}: not JSON: {error}") from None


def csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, column -> cell) of each row that has something in it. Raises NotReadable."""
    return rows_of(text_of(path), path.name)


def rows_of(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """As `csv_rows`, from text. A cell's guard against spreadsheet formulas is taken off."""
    lines = text.lstrip("\ufeff\r\n")
    head = lines.split("\n", 1)[0]
    if not head.strip():
        raise NotReadable(f"{name}: the file is empty")
    separator = max(",;\t|", key=head.count)
    csv.field_size_limit(_WIDEST_FIELD)
    reader = csv.reader(io.StringIO(lines.replace("\r\n", "\n").replace("\r", "\n")), delimiter=separator, strict=True)
    try:
        header = [cell.strip().casefold().replace(" ", "_") for cell in next(reader)]
        repeated = sorted({column for column in header if column and header.count(column) > 1})
        if repeated:
            raise NotReadable(f"{name}: the column {repeated[0]!r} stands there twice")
        started = reader.line_num + 1
        for cells in reader:
            line, started = started, reader.line_num + 1
            if not any(cell.strip() for cell in cells) or _is_hxl(cells):
                continue
            row = dict(zip(header, (unguarded(cell) for cell in cells), strict=False))
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                row[""] = "too many cells"
            yield line, row
    except csv.Error as error:
        raise NotReadable(f"{name}: line {reader.line_num}: {error}") from None


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return (
        f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") or (cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "'")) else cell
    )


def unguarded(cell: str) -> str:
    """The cell without the guard that `guarded` put before it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r", "'") else cell


def _is_hxl(cells: list[str]) -> bool:
    named = [cell.strip() for cell in cells if cell.strip()]
    return len(named) > 1 and all(cell.startswith("#") for cell in named)
