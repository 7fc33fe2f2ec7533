"""What an answer about empty rooms means for this house. Pure; never guesses: what could mean two things means nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from sos.shelters.units.states import UnitKind


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody wrote about empty rooms. `same`: "still right"; `total`: one number alone; `kinds`: a count each."""

    same: bool = False
    total: int | None = None
    kinds: Mapping[UnitKind, int] | None = None


def counts_of(said: Counted, standing: Mapping[UnitKind, int]) -> Mapping[UnitKind, int] | None:
    """The counts to confirm, {} for "still right"; None where it is not clear.

    A number alone is clear where the house has one kind, where it is the sum of what stands (then nothing has changed), and where it is 0.
    """
    if said.same:
        return {}
    if said.kinds is not None:
        return said.kinds if said.kinds and set(said.kinds) <= set(standing) else None
    if said.total is None or not standing:
        return None
    if len(standing) == 1:
        return dict.fromkeys(standing, said.total)
    if said.total == sum(standing.values()):
        return {}
    return dict.fromkeys(standing, 0) if said.total == 0 else None
