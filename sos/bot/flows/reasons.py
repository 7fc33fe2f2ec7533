"""Why a service is offered, and how to reach it, as texts by key. The directory gives codes; words stand in the languages."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sos.bot.messages import Listing, Say
from sos.directory.matching.wish import Match, Reason

_SKIPPED: Final = frozenset({"coverage", "coverage.everywhere"})
"""True of everything that is shown: it would only fill the text."""
LANGUAGES: Final = frozenset({"sq", "sr", "bs", "tr", "rom", "en"})
_MOST_LETTERS: Final = 60


def why(reasons: Iterable[Reason]) -> tuple[Say, ...]:
    """Reasons as texts, most useful first."""
    return tuple(Say(f"reason.{reason.code}", _values(reason.params)) for reason in reasons if reason.code not in _SKIPPED)


def _values(params: Mapping[str, Any]) -> dict[str, object]:
    values: dict[str, object] = {name: _short(value) for name, value in params.items()}
    if "languages" in params:
        codes = [code for code in str(params["languages"]).split(", ") if code]
        values["languages"] = Listing(tuple(Say(f"language.{code}") if code in LANGUAGES else code for code in codes))
    if "whom" in params:
        values["whom"] = Listing(tuple(Say(f"whom.{code}") for code in str(params["whom"]).split(", ") if code))
    if "day" in params:
        values["day"] = Say(f"weekday.{date.fromisoformat(str(params['day'])).weekday()}")
    return values


def _short(value: Any) -> object:
    return f"{value[: _MOST_LETTERS - 3]}..." if isinstance(value, str) and len(value) > _MOST_LETTERS else value


def details(match: Match) -> list[list[Any]]:
    """How to reach it, as [text key, values] that can be kept with the state: the number, when it was checked, where."""
    if match.service is None:
        return []
    lines: list[list[Any]] = []
    for phone in match.service.phones[:2]:
        number = f"{phone.number} ({phone.extension})" if phone.extension else phone.number
        if phone.verified_on:
            lines.append(["detail.phone.checked", {"number": number, "date": f"{phone.verified_on:%d.%m.%Y}"}])
        else:
            lines.append(["detail.phone", {"number": number}])
    place = next((one for one in match.service.places if match.place_id in (None, one.id)), None)
    where = ", ".join(part for part in (place.address, place.city) if part) if place else ""
    if where:
        lines.append(["detail.where", {"where": str(_short(where))}])
    return lines
