"""The JSON door: HSDS directory. Never a hidden place."""
