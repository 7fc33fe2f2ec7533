"""Consents and referrals in any order, 50,000 random steps: no referral readable without a live consent, no field beyond the consented ones.

`python -m bench.consents [steps] [minutes]`: one JSON line; ends at whichever comes first. A broken promise ends it with the shortest way to it.
"""

import json
import sys
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.referrals.test_referrals import Sharing

A_RUN, LENGTH = 20, 50


def main(steps: int = 50_000, minutes: float = 28) -> None:
    began, runs = time.monotonic(), 0
    chosen = settings(
        max_examples=A_RUN,
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    while Sharing.steps < steps and time.monotonic() - began < minutes * 60:
        machine = seed(runs)(type("Again", (Sharing,), {}))
        run_state_machine_as_test(machine, settings=chosen)
        Sharing.steps += machine.steps
        runs += 1
    took = time.monotonic() - began
    print(
        json.dumps(
            {"figure": "consents_random_steps", "steps": Sharing.steps, "broken": 0, "seconds": round(took, 1), "database": "sqlite"}
        )
    )


if __name__ == "__main__":
    main(*(float(one) if "." in one else int(one) for one in sys.argv[1:]))  # type: ignore[arg-type]
