"""A possible probe: many places asked about, or the same private help again and again (DOMAIN 26).

Only adds an operator's note; a person is offered anyway. Ends after a day, never touches SOS, numbers or public services, never looks at addresses.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sos.bot.engine import State
from sos.bot.flows.desk import Desk
from sos.staff.states import TaskKind

MANY: Final = 5
REMEMBERED: Final = timedelta(hours=24)
PRIVATE: Final = "private"


def noted(before: State, after: State, desk: Desk) -> State:
    """The state with this message's place, or ask for private help, remembered for a day; a task once there are many."""
    asked = after.place if after.place and after.place != before.place else PRIVATE if after.step == "private" != before.step else None
    recent = tuple(entry for entry in after.asked_places if _is_recent(entry, desk.now))
    if asked is None:
        return replace(after, asked_places=recent) if recent != after.asked_places else after
    remembered = (*recent, f"{desk.now.isoformat()} {asked}")[-2 * MANY :]
    places = {entry.rpartition(" ")[2] for entry in remembered} - {PRIVATE}
    again = sum(entry.endswith(f" {PRIVATE}") for entry in remembered)
    if len(places) >= MANY or again >= MANY:
        desk.leave_task(TaskKind.POSSIBLE_PROBE)
    return replace(after, asked_places=remembered)


def _is_recent(entry: str, now: datetime) -> bool:
    try:
        return now - datetime.fromisoformat(entry.partition(" ")[0]) < REMEMBERED
    except (ValueError, TypeError):
        return False
