"""Whether the line itself lives: how old each part of the chain is, and when a person must be told. Knows nobody's words or numbers."""
