"""What she takes along: one archive with the originals as they came, their cards, hashes and times, and how to check them. Made while it is sent.

Its names tell nothing: numbers and endings. Nothing of it is ever written to a disk of ours.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from sos.survivors.evidence.chain import START, Item, broken
from sos.survivors.evidence.errors import NoSuchEvidence

NAME: Final = "archive.zip"
_CHECK: Final = "sha256sum -c SHA256SUMS"
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_BY_TYPE: Final[Mapping[str, str]] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
}


class _Pipe(io.RawIOBase):
    """What the archive writes, until it is sent on."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        taken = bytes(part)  # type: ignore[call-overload]
        self._parts.append(taken)
        return len(taken)

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def packed(items: Sequence[Item], body_of: Callable[[str], bytes], words: Mapping[str, str], now: datetime) -> Iterator[bytes]:
    """The archive, part by part. `body_of`: the original of an item's id; one that is gone meanwhile is left out and named in no sum."""
    pipe = _Pipe()
    sums: list[str] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for item in items:
            if item.card is None:
                continue
            try:
                body = body_of(item.id)
            except NoSuchEvidence:
                continue
            name = f"originals/{item.n:03}{ending(item)}"
            sums.append(f"{item.card.sha256}  {name}")
            archive.writestr(_entry(name, now), body)
            archive.writestr(_entry(f"cards/{item.n:03}.json", now), item.card_bytes)
            yield pipe.taken()
        archive.writestr(_entry("SHA256SUMS", now), "".join(f"{line}\n" for line in sums))
        archive.writestr(_entry("chain.txt", now), "".join(f"{item.n} {item.link.hex()}\n" for item in items))
        archive.writestr(_entry("listing.txt", now), listing(items, words))
    yield pipe.taken()


def ending(item: Item) -> str:
    """The ending of a file's name: its own, else its kind's."""
    assert item.card is not None  # noqa: S101 - asked by the caller
    if item.card.media_type.startswith("text/plain"):
        return ".txt"
    own = _ENDING.search(item.card.name)
    return own.group(0).lower() if own else _BY_TYPE.get(item.card.media_type, ".bin")


def listing(items: Sequence[Item], words: Mapping[str, str]) -> str:
    """All of it in plain words: number, kind, times, size, hash, link; and how to check both."""
    lines = [words["listing_title"], ""]
    for item in items:
        card = item.card
        lines.append(f"{words['own_number']} {item.n}")
        if card is None:
            lines.append(f"  {words['own_erased']}")
        else:
            sent = card.sent_at.isoformat() if card.sent_at else words["own_unknown"]
            lines += [
                f"  {words['own_' + card.medium.value]}: originals/{item.n:03}{ending(item)}",
                f"  {words['own_sent']}: {sent}",
                f"  {words['own_received']}: {card.received_at.isoformat()}",
                f"  {words['own_kept_at']}: {card.kept_at.isoformat()}",
                f"  {words['own_bytes']}: {card.size}",
                f"  {words['own_hash']}: {card.sha256}",
            ]
        lines += [f"  Link: {item.link.hex()}", ""]
    found = broken(items)
    whole = f"{words['own_broken']} {', '.join(map(str, found))}" if found else words["own_whole"]
    lines += [whole, "", f"{words['listing_check']} {_CHECK}", words["listing_chain"], f"({START.hex()})", ""]
    return "\n".join(lines)


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, date_time=(now.year, now.month, now.day, now.hour, now.minute, now.second))
