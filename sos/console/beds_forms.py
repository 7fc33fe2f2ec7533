"""Forms of beds as values. Says in one sentence what cannot be; keeps no word of anybody."""

from collections.abc import Mapping
from datetime import date

from sos.shelters.confirming.errors import BadSettings
from sos.shelters.confirming.settings import Gatekeeper, ShelterSettings
from sos.shelters.units.card import UnitCard
from sos.shelters.units.states import UnitKind

_LONGEST_LABEL = 12
_MOST = 3650


class BadForm(Exception):
    """A field that cannot be; its text is shown."""


def card(form: Mapping[str, str]) -> UnitCard:
    """A unit as the form describes it. Raises BadForm."""
    label, kind = form.get("label", "").strip(), form.get("kind", "")
    if not 0 < len(label) <= _LONGEST_LABEL:
        raise BadForm(f"a room has a short name of 1 to {_LONGEST_LABEL} signs")
    if kind not in set(UnitKind):
        raise BadForm("choose what kind of room it is")
    opens, closes = _day(form.get("opens_on", "")), _day(form.get("closes_on", ""))
    if opens and closes and closes < opens:
        raise BadForm("a room closes after it opens")
    return UnitCard(
        label=label,
        kind=UnitKind(kind),
        beds=_number(form.get("beds", ""), "beds", least=1, most=20) or 1,
        step_free="step_free" in form,
        boys_until_age=_number(form.get("boys_until_age", ""), "the age of boys", least=0, most=17),
        pets="pets" in form,
        stay_limit_days=_number(form.get("stay_limit_days", ""), "the limit of a stay", least=1, most=_MOST),
        opens_on=opens,
        closes_on=closes,
    )


def settings(form: Mapping[str, str]) -> ShelterSettings:
    """What the house chooses. Raises BadForm, BadSettings."""
    hours = form.get("fresh_hours", "").strip().replace(",", ".")
    try:
        fresh_hours = float(hours)
    except ValueError:
        raise BadSettings("write for how many hours a count is fresh") from None
    return ShelterSettings(
        fresh_hours=fresh_hours,
        quiet_from=_number(form.get("quiet_from", ""), "quiet hours", least=0, most=23) or 0,
        quiet_to=_number(form.get("quiet_to", ""), "quiet hours", least=0, most=23) or 0,
        gatekeeper=Gatekeeper(*(form.get(f"gatekeeper_{name}", "").strip() for name in ("name", "contact", "night"))),
    )


def _number(text: str, what: str, *, least: int, most: int) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 4 or not least <= int(text) <= most:
        raise BadForm(f"{what}: a number from {least} to {most}, or nothing")
    return int(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadForm("a day is written like 2026-11-22") from None
