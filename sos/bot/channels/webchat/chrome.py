"""The page's own words in her language: title, labels, notices. What no catalogue has is said by the English words that stand here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sos.texts.catalogue import Texts
from sos.texts.script import Script

OFFERED: Final[Mapping[str, str]] = {
    "sq": "Shqip",
    "sr": "Srpski",
    "sr-Cyrl": "Српски",
    "bs": "Bosanski",
    "tr": "Türkçe",
    "rom": "Romani",
    "en": "English",
}
"""Language of a page -> its own name."""
FALLBACK: Final = "en"

WORDS: Final[Mapping[str, str]] = {
    "title": "Information",
    "intro": "Write here in your own words, in your language. You can skip every question.",
    "before": "Exit closes this page and what was written here is gone from it. It cannot remove two things: "
    "this address in the browser's list of visited pages, and pictures of the screen.",
    "exit": "Exit to the weather ({site})",
    "exit_keys": "Pressing Esc three times does the same.",
    "write": "Your message",
    "send": "Send",
    "sending": "Sending",
    "waiting": "Received. No answer yet. This page looks again by itself.",
    "waiting_over": "Received. Still no answer. If you hear nothing, nobody has read this yet.",
    "look_again": "Look again",
    "lost": "No connection. Your words are still here. Send them again.",
    "not_stored": "This could not be stored just now. Your words are still here. Send them again.",
    "numbers": "In danger, these numbers work without this page:",
    "too_long": "This is longer than {limit} signs and was not sent. Your words are still here: make it shorter, or send it in parts.",
    "elsewhere": "This came from another page and was not sent. Press Send if you want to send it.",
    "no_place": "The place could not be read. You can write the name of a place instead.",
    "messages": "Messages",
    "answers": "Answers",
    "languages": "Languages",
    "own": "What is mine",
    "join": "I write by phone: a code",
    "you": "You:",
    "they": "Answer:",
}
"""The last resort of every `web.*` text."""


@dataclass(frozen=True, slots=True)
class Chrome:
    """The page's words. `language`: as an HTML lang."""

    language: str
    words: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.words[name]


def chrome(texts: Texts | None, language: str, *, site: str, limit: int, wanted: Mapping[str, str] = WORDS, **more: object) -> Chrome:
    """The page's words in `language` (a key of OFFERED). Never raises: without catalogues, or without a text, English stands in."""
    code, _, script = language.partition("-")
    asked = Script.CYRILLIC if script == "Cyrl" else Script.LATIN
    words: dict[str, str] = {}
    spoken = set()
    for name, english in wanted.items():
        found = texts.look_up(f"web.{name}", code, {"site": site, "limit": limit, **more}, script=asked) if texts else None
        if found is None or found.stood_in:
            words[name] = english.format(site=site, limit=limit, **more)
        else:
            words[name] = found.text
            spoken.add(found.language)
    return Chrome(html_language(language) if code in spoken else FALLBACK, words)


def html_language(language: str) -> str:
    """The language as HTML names it."""
    return "sr-Latn" if language == "sr" else language


def chosen(wanted: Iterable[str]) -> str:
    """The first of `wanted` that the page can be shown in; browsers' names ("sr-Cyrl-RS", "sq-XK", "bs") are understood."""
    for tag in wanted:
        parts = tag.replace("_", "-").split("-")
        if parts[0].lower() == "sr" and any(part.lower() == "cyrl" for part in parts):
            return "sr-Cyrl"
        if parts[0].lower() in OFFERED:
            return parts[0].lower()
    return FALLBACK
