"""The page that tells her all that is kept of her. Only words of the catalogue around her own; what has no words yet is named as it is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final

from flask import render_template

from sos.bot.channels.webchat.chrome import Chrome
from sos.privacy.knowing import Act, Field, How, Record, Told
from sos.texts.catalogue import Texts

GROUNDS: Final[Mapping[str, str]] = {
    "alert": "alert",
    "page": "alert",
    "evidence": "shared",
    "task": "wrote",
    "case": "wrote",
    "referral": "consent",
    "consent": "consent",
    "ask": "consent",
    "hold": "consent",
    "hand_off": "danger",
    "risk": "wrote",
    "check_in": "agreed",
}
"""Room of an act -> the ground on which it was done, as `web.known_ground_<ground>`; any other: the rules of this line."""
INNER: Final = frozenset(
    [
        "id",
        "survivor_id",
        "contact_id",
        "alert_id",
        "evidence_id",
        "outbox_id",
        "task_id",
        "way_id",
        "key_epoch",
        "epoch",
        "seq",
        "n",
        "attempts",
        "not_before",
        "holder",
        "lease_until",
        "provider_ref",
        "lane",
        "key_kind",
        "wrapped_key",
        "index",
        "fold_index",
        "code_index",
        "link",
        "chunks",
        "once_key",
        "sender_key",
        "turn",
        "round",
        "policy",
        "wrong_codes",
        "agency",
        "subject",
        "level",
    ]
)
"""Fields that only the program needs: told in one line."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One row on the page: fields with their words, and the inner ones in one line."""

    fields: tuple[tuple[str, str, str], ...] = field(repr=False)
    inner: str = field(repr=False)


class Words:
    """The catalogue's words for tables, fields and acts."""

    def __init__(self, chrome: Chrome, texts: Texts) -> None:
        self._chrome = chrome
        self._texts = texts

    def of(self, kind: str, name: str) -> str:
        """`web.known_<kind>_<name>` in her language, else the name itself."""
        code, _, tag = self._chrome.language.partition("-")
        found = self._texts.find(f"web.known_{kind}_{name}", code, script="cyrillic" if tag == "Cyrl" else "latin")
        return name.replace("_", " ").replace(".", " ") if found.stood_in else found.text

    def row(self, record: Record) -> Shown:
        told = [one for one in record.fields if (one.name not in INNER and one.value is not None) or one.how in (How.SHUT, How.WITHHELD)]
        outer = [one for one in told if one.name not in INNER]
        inner = [
            f"{one.name}: {self._value(one)}"
            for one in record.fields
            if one.name in INNER and (one.value is not None or one.how is How.WITHHELD)
        ]
        return Shown(tuple((self.of("field", one.name), self._value(one), one.how.value) for one in outer), ", ".join(inner))

    def _value(self, one: Field) -> str:
        if one.how is How.WITHHELD:
            return self._chrome["known_withheld"]
        if one.how is How.SHUT:
            return self._chrome["known_shut"]
        if isinstance(one.value, datetime):
            return f"{one.value:%d.%m.%Y %H:%M:%S} UTC"
        return str(one.value)

    def act(self, act: Act) -> tuple[str, str, str, str]:
        """When, who, what, on which ground."""
        who = self._chrome["known_you"] if act.hers else act.who or self._chrome["known_program"]
        room, _, what = act.kind.partition(".")
        ground = "self" if act.hers else GROUNDS.get(room, "rules")
        return f"{act.at:%d.%m.%Y %H:%M:%S}", who, f"{self.of('room', room)}: {self.of('act', what)}", self.of("ground", ground)


def told_page(told: Told, chrome: Chrome, texts: Texts, site: object) -> str:
    """The page as HTML."""
    words = Words(chrome, texts)
    return render_template(
        "known.html", words=chrome, site=site, topics=list(_topics(told, words)), acts=[words.act(act) for act in told.acts if act.at]
    )


def _topics(told: Told, words: Words) -> Iterator[tuple[str, str, list[Shown]]]:
    for table, records in groupby(told.records, key=lambda record: record.table):
        yield table, words.of("table", table), [words.row(record) for record in records]
