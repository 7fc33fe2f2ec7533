"""Public numbers in a text: which, in which order, with which labels. Numbers come from the jurisdictions, never from a text (DOMAIN 17, 27).

Where she wants no police, none of an authority is among them; where her place is not known, those of every jurisdiction are.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from sos.bot.engine import Answer, Introduced, State
from sos.bot.flows.desk import Desk, Step, Turn
from sos.bot.flows.options import GO_ON, PERSON, SERVICE, STOP_HERE
from sos.bot.messages import Listing, Reply, Say
from sos.directory.jurisdictions import Number, Recorded

ALL: Final = ("danger", "ambulance", "violence", "child")
LABELLED: Final = frozenset(
    {
        "emergency",
        "police",
        "ambulance",
        "fire",
        "victim_advocates",
        "national_sos",
        "interior_ministry",
        "children",
        "missing_children",
        "vojvodina",
    }
)
"""Slugs whose label stands in the texts; another one keeps the words of its file."""


def of(state: State, desk: Desk, *purposes: str) -> tuple[Number, ...]:
    """The numbers for these purposes that may be shown to her."""
    return desk.numbers(state.country, purposes, without_authorities=state.police_barred)


def danger(state: State, desk: Desk) -> object | None:
    """What to call in danger, as it stands in a sentence: "112 or 192"; None where there is no such number for her."""
    return _in_a_sentence(of(state, desk, "danger"))


def ambulance(state: State, desk: Desk) -> object | None:
    """The ambulance's own number, as it stands in a sentence."""
    found = of(state, desk, "ambulance")
    return _in_a_sentence([number for number in found if "danger" not in number.purposes] or found)


def police(state: State, desk: Desk) -> str | None:
    """The police's own number, where every jurisdiction shown to her has the same one."""
    found = {number.number for number in of(state, desk, "danger") if number.slug == "police"}
    return found.pop() if len(found) == 1 else None


def _in_a_sentence(numbers: Iterable[Number]) -> object | None:
    by_country: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        if number.number not in by_country[number.country]:
            by_country[number.country].append(number.number)
    lists = list(by_country.values())
    if not lists:
        return None
    if all(one == lists[0] for one in lists):
        return Listing(tuple(lists[0]), join="join.or")
    return Listing(
        tuple(
            Say("numbers.in", {"where": Say(f"country.in.{code}"), "numbers": Listing(tuple(found), join="join.or")})
            for code, found in by_country.items()
        )
    )


def line(number: Number) -> Say:
    """One number with its label; authority and recorded lines say so (DOMAIN 17)."""
    label: object = Say(f"number.{number.slug}") if number.slug in LABELLED else number.what
    tags: list[object] = (
        ["24/7"] if number.hours == "24/7" and "danger" not in number.purposes and number.slug not in ("ambulance", "fire") else []
    )
    if number.authority and "danger" not in number.purposes:
        tags.append(Say("number.tag.authority"))
    if number.recorded is Recorded.YES:
        tags.append(Say("number.tag.recorded"))
    if tags:
        return Say("number.line.tagged", {"what": label, "number": number.number, "tags": Listing(tuple(tags))})
    return Say("number.line", {"what": label, "number": number.number})


def lines(state: State, desk: Desk, *purposes: str) -> Listing:
    """Numbers for these purposes, grouped by country where there is more than one."""
    return grouped(of(state, desk, *purposes), one_country=state.country is not None)


def grouped(found: Iterable[Number], *, one_country: bool) -> Listing:
    """Numbers as lines; by country unless it is known that all are of hers."""
    by_country: dict[str, list[Number]] = defaultdict(list)
    for number in found:
        by_country[number.country].append(number)
    if len(by_country) < 2 and one_country:
        return Listing(tuple(line(number) for found in by_country.values() for number in found), between="\n")
    groups = (
        Say("numbers.country", {"country": Say(f"country.{code}"), "lines": Listing(tuple(line(one) for one in found))})
        for code, found in by_country.items()
    )
    return Listing(tuple(groups), between="\n")


def _question(state: State, desk: Desk) -> Reply:
    options = (SERVICE, PERSON, STOP_HERE) if state.introduced is Introduced.DONE else (GO_ON, STOP_HERE)
    listed = lines(state, desk, *ALL)
    if not listed.items:
        return Reply("numbers.none", options=options)
    return Reply("numbers.all", {"lines": listed}, options)


def _take(turn: Turn, value: str | None) -> Answer | None:
    if value == GO_ON.value:
        return Answer(turn.state, then="first.limits")
    return Answer(turn.state, then=value) if value else None


STEPS = (Step("numbers", _question, _take, introduced=False),)
