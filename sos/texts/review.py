"""Who read which text, and when: `review.toml` of a language. A text that changed after it was read counts as unread again."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Review:
    """What `review.toml` says: key -> (who, digest of the text that was read); and words that a neutral text must never hold."""

    read_by: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    not_neutral: tuple[str, ...] = ()
    """beginnings of words, folded, that tell what this line is about"""

    def is_read(self, key: str, text: str) -> bool:
        """Whether a person has read this very text."""
        who, digest = self.read_by.get(key, (NOBODY, ""))
        return who not in ("", NOBODY) and digest == digest_of([text])


def digest_of(forms: Iterable[str]) -> str:
    """The mark of a text that a reviewer has read: the first 8 hexadecimal digits of its SHA-256."""
    return hashlib.sha256("\x1f".join(forms).encode()).hexdigest()[:8]


def load(path: Path) -> Review:
    """Read one file. `[texts]`: `"key" = "none"` or `"key" = "who 2026-11-22 a1b2c3d4"`; `[gate] not_neutral = [...]`. Raises ValueError, OSError."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    read_by: dict[str, tuple[str, str]] = {}
    for key, said in content.get("texts", {}).items():
        if not isinstance(said, str):
            raise ValueError(f"{key} must be text")  # noqa: TRY004 - one kind of refusal for a file
        who, _, digest = said.rpartition(" ")
        read_by[key] = (who or said, digest if who else "")
    words = content.get("gate", {}).get("not_neutral", [])
    return Review(read_by, tuple(str(word) for word in words))
