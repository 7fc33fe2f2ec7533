"""From what real directories contain to what ours may: text without markup, one phone a phone, times, days, truths. Pure.

Raises `Unclear` with a sentence that names the field, never half-reads a value. Numbers are kept as published, never guessed.
"""

import html
import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from html.parser import HTMLParser

from sos.directory.entries import WEEKDAYS, HoursEntry, PhoneEntry

LONGEST_TEXT = 10_000
LONGEST_NAME = 255


class Unclear(ValueError):
    """A value cannot be read; the text says which field and why."""


class _Words(HTMLParser):
    """Collects text; scripts and styles are dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in ("script", "style"):
            self._silent += 1
        elif tag in ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "ul", "ol"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif tag in ("p", "div", "li", "tr", "h1", "h2", "h3"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def plain(value: object, *, longest: int = LONGEST_TEXT) -> str:
    """Text without markup, control characters and doubled spaces, NFC, cut at `longest` characters."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value)[: longest * 4]
    if "<" in text and ">" in text:
        reader = _Words()
        reader.feed(text)
        reader.close()
        text = "".join(reader.words)
    elif "&" in text:
        text = html.unescape(text)
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if c in "\t\xa0" else c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    lines = (re.sub(r" {2,}", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()[:longest].strip()


def line(value: object, *, field: str, longest: int = LONGEST_NAME) -> str:
    """One line of text. Raises Unclear when it is longer than a name can be."""
    text = plain(value, longest=longest + 1).replace("\n", " ")
    if len(text) > longest:
        raise Unclear(f"{field}: longer than {longest} characters")
    return text


_EXTENSION = re.compile(r"(?:,?\s*(?:ext|extension|lok|lokal|x)\.?\s*)(\d{1,6})$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[;|\n]|,|\s/\s|/(?=\s*[+0(])|\bor\b|\bose\b|\bili\b|\bили\b|\bveya\b)\s*", re.IGNORECASE)


def phones(
    value: object, *, note: str = "", kind: str = "voice", extension: object = None, verified_on: date | None = None
) -> list[PhoneEntry]:
    """All phones in one field; words that are no number go into the note. An empty list where there is no number."""
    found = []
    for part in _BETWEEN.split(plain(value, longest=500)):
        ext = _EXTENSION.search(part)
        number_part = part[: ext.start()] if ext else part
        number = re.search(r"\+?\(?\d[\d\s().\-/]*", number_part)
        if not number or sum(c.isdigit() for c in number.group()) < 3:
            continue
        words = (number_part[: number.start()] + number_part[number.end() :]).strip(" :.-()")
        words = "" if words.casefold() in ("tel", "phone", "mob", "telefon", "t") else words
        found.append(
            PhoneEntry(
                number=re.sub(r"\s+", " ", number.group()).strip(" .-/(")[:60],
                extension=ext.group(1) if ext else plain(extension, longest=20),
                kind=plain(kind, longest=20) or "voice",
                note="; ".join(part for part in (plain(note, longest=500), words) if part),
                verified_on=verified_on,
            )
        )
    return found


def minute(value: object, *, field: str) -> int | None:
    """Minutes since midnight of 08:00, 8.30, 0830, 8am, 17:00:00Z, 24:00. None for nothing. Raises Unclear."""
    text = plain(value, longest=40).casefold().replace(" ", "")
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d{2}))?(?::\d{2}(?:\.\d+)?)?h?(am|pm)?(?:z|[+-]\d{2}:?\d{2})?", text)
    if not match:
        raise Unclear(f"{field}: {text!r} is not a time")
    hour, minutes = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise Unclear(f"{field}: {text!r} is not a time")
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if minutes > 59 or hour * 60 + minutes > 1440:
        raise Unclear(f"{field}: {text!r} is not a time")
    return hour * 60 + minutes


def day(value: object, *, field: str) -> date | None:
    """A date: 2026-11-22, 22.11.2026, 22/11/2026, or an RFC 3339 moment. None for nothing. Raises Unclear."""
    text = plain(value, longest=40)
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y.", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise Unclear(f"{field}: {text!r} is not a date like 2026-11-22") from None


_YES = frozenset(["yes", "y", "true", "1", "po", "da", "evet", "da", "ano", "x"])
_NO = frozenset(["no", "n", "false", "0", "jo", "ne", "hayir", "hayır"])


def truth(value: object, *, field: str) -> bool | None:
    """Yes / no in our languages; None for nothing. Raises Unclear."""
    if isinstance(value, bool):
        return value
    text = plain(value, longest=40).casefold()
    if not text or text in ("unknown", "unstated", "?"):
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unclear(f"{field}: say yes or no, not {text[:30]!r}")


def whole(value: object, *, field: str, least: int = 0, most: int = 100_000) -> int | None:
    """A whole number; None for nothing. Raises Unclear."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    text = plain(value, longest=40)
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        raise Unclear(f"{field}: {text[:30]!r} is not a number") from None
    if not math.isfinite(number) or number != int(number) or not least <= number <= most:
        raise Unclear(f"{field}: {text[:30]!r} is not a whole number from {least} to {most}")
    return int(number)


def degrees(value: object, *, field: str, most: float) -> float | None:
    """A coordinate; decimal comma allowed. None for nothing. Raises Unclear."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    text = plain(value, longest=60).replace(",", ".").rstrip("°")
    try:
        number = float(text)
    except ValueError:
        raise Unclear(f"{field}: {text[:30]!r} is not a coordinate") from None
    if not math.isfinite(number) or abs(number) > most:
        raise Unclear(f"{field}: {text[:30]!r} is not a coordinate")
    return number


_DAY_NAMES = {
    "MO": "mo mon monday hene hen e pon ponedeljak ponedjeljak pzt pazartesi",
    "TU": "tu tue tues tuesday marte mar uto utorak sal sali",
    "WE": "we wed wednesday merkure mer sre sri sreda srijeda car carsamba",
    "TH": "th thu thur thurs thursday enjte enj cet cetvrtak per persembe",
    "FR": "fr fri friday premte pre pet petak cum cuma",
    "SA": "sa sat saturday shtune sht sub subota cmt cumartesi",
    "SU": "su sun sunday diel diele die ned nedelja nedjelja paz pazar",
}
_DAY_OF = {name: code for code, names in _DAY_NAMES.items() for name in names.split() if name != "e"}


def weekdays(text: str, *, field: str = "hours") -> tuple[str, ...]:
    """Days of "Mo-Fr", "Mon, Wed", "pon-pet", "daily" in the week's order. Raises Unclear."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    if folded.strip() in ("", "daily", "every day", "cdo dite", "svaki dan"):
        return WEEKDAYS
    chosen: set[str] = set()
    for part in re.split(r"[,\s/&]+", re.sub(r"\s*[-–—]\s*", "-", folded).strip()):
        ends = [_DAY_OF.get(name.strip(". ")) for name in part.split("-")]
        if not ends or None in ends or len(ends) > 2:
            raise Unclear(f"{field}: {part[:20]!r} is no weekday")
        first, last = WEEKDAYS.index(str(ends[0])), WEEKDAYS.index(str(ends[-1]))
        chosen.update(WEEKDAYS[n % 7] for n in range(first, last + 1 if last >= first else last + 8))
    return tuple(one for one in WEEKDAYS if one in chosen)


def timetable(text: str, *, field: str = "hours") -> tuple[HoursEntry, ...]:
    """Hours of "Mo-Fr 08:00-16:00; Sa 09:00-13:00", "24/7", "Mo 22:00-06:00"; "off" closes days. Raises Unclear."""
    lines: list[HoursEntry] = []
    for whole_part in (one.strip() for one in re.split(r"[;\n]", text) if one.strip()):
        part, _, period = whole_part.partition("@")
        first, _, last = period.partition("..")
        valid_from, valid_to = day(first, field=field), day(last, field=field)
        if part.casefold() in ("24/7", "24h", "0-24", "00-24", "00:00-24:00"):
            lines.append(HoursEntry(opens=0, closes=1440, valid_from=valid_from, valid_to=valid_to))
            continue
        head = re.match(r"[^\d]*", part)
        days_text = head.group().strip(" :") if head else ""
        closed = re.search(r"\b(off|closed|mbyllur|zatvoreno|kapali)$", part, re.IGNORECASE)
        if closed:
            lines.append(
                HoursEntry(days=weekdays(part[: closed.start()].strip(" :"), field=field), valid_from=valid_from, valid_to=valid_to)
            )
            continue
        days = weekdays(days_text, field=field)
        spans = part[len(head.group()) if head else 0 :]
        for span in spans.split(","):
            ends = re.split(r"\s*[-–—]\s*|\s+(?:to|do|deri)\s+", span.strip())
            if len(ends) != 2:
                raise Unclear(f"{field}: {part[:40]!r} is not like 'Mo-Fr 08:00-16:00'")
            opens, closes = minute(ends[0], field=field), minute(ends[1], field=field)
            if opens is None or closes is None or opens == 1440:
                raise Unclear(f"{field}: {part[:40]!r} is not like 'Mo-Fr 08:00-16:00'")
            lines.append(HoursEntry(days=days, opens=opens, closes=closes, valid_from=valid_from, valid_to=valid_to))
    return tuple(lines)


def listed(value: object, *, between: str = ";|") -> list[str]:
    """The parts of a list written in one cell."""
    return [part for part in (plain(one, longest=500) for one in re.split(f"[{re.escape(between)}\n]", str(value or ""))) if part]


def telling(values: Iterable[str]) -> str:
    """Values folded into one searchable text."""
    text = unicodedata.normalize("NFKD", " ".join(values).casefold().replace("đ", "dj"))
    return re.sub(r"[^a-z0-9а-яђјљњћџ]+", " ", "".join(c for c in text if not unicodedata.combining(c)))
