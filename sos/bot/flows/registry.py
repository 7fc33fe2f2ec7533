"""Every flow, in one list. A new one: its file, and one line here."""

from collections.abc import Iterable, Mapping
from typing import Final

from sos.bot.flows import (
    another,
    chat,
    check_in,
    consents,
    contact,
    doubt,
    erase,
    evidence,
    first_contact,
    injuries,
    join,
    language,
    matches,
    menu,
    numbers,
    offers,
    own,
    own_plan,
    person,
    phrase,
    private,
    service,
    sos,
    third_party,
    trafficking,
    words,
    young,
)
from sos.bot.flows.desk import Step

FLOWS: Final = (
    first_contact.STEPS,
    menu.STEPS,
    language.STEPS,
    numbers.STEPS,
    service.STEPS,
    matches.STEPS,
    private.STEPS,
    person.STEPS,
    another.STEPS,
    erase.STEPS,
    chat.STEPS,
    sos.STEPS,
    doubt.STEPS,
    words.STEPS,
    check_in.STEPS,
    contact.STEPS,
    consents.STEPS,
    phrase.STEPS,
    join.STEPS,
    offers.STEPS,
    own.STEPS,
    own_plan.STEPS,
    evidence.STEPS,
    third_party.STEPS,
    young.STEPS,
    trafficking.STEPS,
    injuries.STEPS,
)


def _by_name(flows: Iterable[Iterable[Step]]) -> Mapping[str, Step]:
    steps: dict[str, Step] = {}
    for step in (step for flow in flows for step in flow):
        if step.name in steps:
            raise ValueError(f"two steps are called {step.name}")
        steps[step.name] = step
    return steps


STEPS: Final = _by_name(FLOWS)
HOME: Final = "menu"
