"""Her own safety plan, in pieces: sealed under her key, given back after the check word, erasable alone."""
