"""A match in words: her language where it has them, else the English of `reasons`. Never says more than the match carries."""

from datetime import date
from typing import Any

from sos.directory.matching.answer import A_PERSON
from sos.directory.matching.reasons import ENGLISH
from sos.directory.matching.wish import Match, Reason
from sos.geo.gazetteer import Gazetteer
from sos.texts.catalogue import Texts

FIXED_LINES = {"shelter.a_person": "private.shelter", "trafficking.a_person": "private.trafficking"}
"""the text keys of the fixed line, where they are not `reason.<code>`"""
_COUNTRIES = {"XK": "Kosovo", "RS": "Serbia"}


class Teller:
    """Says areas and reasons in one language."""

    def __init__(self, texts: Texts, gazetteer: Gazetteer, language: str | None) -> None:
        self._texts = texts
        self._gazetteer = gazetteer
        self._language = language

    def plain(self, match: Match) -> dict[str, Any]:
        """The match as `flask directory match` prints it."""
        return {
            "id": match.id,
            "name": self._said(f"category.{match.category}", match.name) if match.id == A_PERSON else match.name,
            "category": match.category,
            "area": self.area(match.area),
            "distance_km": None if match.distance_km is None else round(match.distance_km, 3),
            "reasons": [{"code": reason.code, "text": self.reason(reason)} for reason in match.reasons],
        }

    def area(self, area: str | None) -> str | None:
        """Municipality or country by name; several are joined."""
        return None if area is None else ", ".join(self._named(one) for one in area.split(", "))

    def reason(self, reason: Reason) -> str:
        """The reason in words."""
        params: dict[str, Any] = {name: self._value(name, value) for name, value in reason.params.items()}
        return self._said(
            FIXED_LINES.get(reason.code, f"reason.{reason.code}"), ENGLISH.get(reason.code, reason.code).format_map(params), **params
        )

    def _value(self, name: str, value: object) -> object:
        if name == "area":
            return self.area(str(value))
        if name in ("languages", "whom"):
            kind = name.removesuffix("s")
            return ", ".join(self._said(f"{kind}.{one}", one) for one in str(value).split(", "))
        if name == "day":
            return self._said(f"weekday.{date.fromisoformat(str(value)).weekday()}", str(value))
        return value

    def _said(self, key: str, otherwise: str, **params: Any) -> str:
        spoken = self._language or "en"
        known = any(self._texts.has(key, code) for code in self._texts.chain(spoken))
        return self._texts.say(key, spoken, **params) if known else otherwise

    def _named(self, area: str) -> str:
        place = self._gazetteer.municipality(area)
        return (place.name_in(self._language) if self._language else place.name) if place else _COUNTRIES.get(area, area)
