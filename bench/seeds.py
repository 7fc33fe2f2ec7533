"""Runs the fast tests with other orders and other generated examples than `make test`: five rounds, one JSON line each. Changes nothing."""

import json
import os
import secrets
import subprocess
import sys
import time

ROUNDS = 5


def main() -> None:
    """Run the rounds; a seed that fails is printed with the names of what failed, to be kept as a test."""
    for _ in range(ROUNDS):
        seed, started = secrets.randbelow(2**31), time.monotonic()
        command = [sys.executable, "-m", "pytest", "-n", "2", "-m", "not slow and not browser", "-q", "-rfE", f"--randomly-seed={seed}"]
        done = subprocess.run(command, env=os.environ | {"HYPOTHESIS_PROFILE": "sos"}, capture_output=True, text=True, check=False)
        failed = [line[:160] for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        print(json.dumps({"seed": seed, "passed": not done.returncode, "failed": failed, "seconds": round(time.monotonic() - started)}))


if __name__ == "__main__":
    main()
