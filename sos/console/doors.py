"""The topics of the staff's side, one line each: every one is `blueprint(house) -> Blueprint` under `/staff`. Decides nothing."""

from collections.abc import Callable

from flask import Blueprint

from sos.console import (
    account,
    alert,
    asks,
    beds,
    duty,
    factor,
    hand_off,
    load,
    members,
    people,
    practice,
    queue,
    reach,
    reference,
    reveal,
    risk,
    safety_plans,
    shell,
    sign_in,
    tasks,
)
from sos.console.house import House

CONSOLE: tuple[Callable[[House], Blueprint], ...] = (
    shell.blueprint,
    queue.blueprint,
    alert.blueprint,
    asks.blueprint,
    beds.blueprint,
    tasks.blueprint,
    people.blueprint,
    sign_in.blueprint,
    factor.blueprint,
    account.blueprint,
    members.blueprint,
    duty.blueprint,
    reach.blueprint,
    hand_off.blueprint,
    risk.blueprint,
    reference.blueprint,
    load.blueprint,
    practice.blueprint,
    safety_plans.blueprint,
    reveal.blueprint,
)
"""Registered by the factory in this order. An endpoint also needs its line in `sos.access.permission_map.ENDPOINTS`."""
