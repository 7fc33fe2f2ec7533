"""Rooms and holds under any order of acts: 50,000 random steps of the stateful test. No bed below zero, none held twice.

make long X=beds               some minutes; STEPS=2000 for a look
"""

import json
import os
import time

from hypothesis import HealthCheck, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.shelters.test_holds import Beds

STEPS = int(os.environ.get("STEPS", "50000"))
EACH = 250
"""Steps in one example: a fresh house each."""


class Counted(Beds):
    """The same machine; counts every check, which follows every step."""

    steps = 0

    def check_invariants(self, *given: object, **more: object) -> None:
        Counted.steps += 1
        super().check_invariants(*given, **more)


def main() -> None:
    began = time.monotonic()
    while Counted.steps < STEPS:
        left = max(1, (STEPS - Counted.steps) // EACH)
        chosen = settings(
            max_examples=min(left, 25),
            stateful_step_count=EACH,
            deadline=None,
            database=None,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Counted, settings=chosen)
    found = {"figure": "beds_random_steps", "steps": Counted.steps, "below_zero": 0, "held_twice": 0}
    print(json.dumps(found | {"seconds": round(time.monotonic() - began)}), flush=True)


if __name__ == "__main__":
    main()
