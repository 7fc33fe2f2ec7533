"""One file an SMS provider, found by its name."""
