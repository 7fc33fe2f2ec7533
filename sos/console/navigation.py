"""What the staff's pages link to, in order. A link shows only to those who may follow it, and only where its door is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sos.access.permission_map import Caller, permission_for, permits


@dataclass(frozen=True, slots=True)
class Link:
    """`endpoint`: as Flask names it; `main`: also in the bottom bar of a phone, which has room for four."""

    endpoint: str
    label: str
    main: bool = False


LINKS: tuple[Link, ...] = (
    Link("queue.show", "Queue", main=True),
    Link("tasks.show", "Tasks", main=True),
    Link("people.show", "People", main=True),
    Link("beds.show", "Beds", main=True),
    Link("cases.show", "Papers"),
    Link("offers.show", "Offers"),
    Link("pathways.show", "Pathways"),
    Link("agency.show", "Items"),
    Link("duty.show", "Duty"),
    Link("plans.show", "Plans", main=True),
    Link("plans.overdue", "Overdue plans"),
    Link("reach.show", "Ways to reach me"),
    Link("beds.freshness", "Freshness of beds"),
    Link("reference.night_list", "Night list"),
    Link("reference.phrases", "Phrasebook"),
    Link("load.show", "Load"),
    Link("hand_off.reviews", "Reviews"),
    Link("overrides.show", "Without consent"),
    Link("risk.trained", "Trained"),
    Link("practice.show", "Practice"),
    Link("members.show", "Members"),
    Link("account.show", "My account"),
)


def links(caller: Caller, doors: Mapping[str, object]) -> Iterator[Link]:
    """The links that this caller may follow. `doors`: the endpoints that there are."""
    for link in LINKS:
        permission = permission_for(link.endpoint, "GET")
        if link.endpoint in doors and permission is not None and permits(permission, caller):
            yield link
