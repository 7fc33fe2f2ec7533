"""What must happen by when: rows claimed by a tick, each fired exactly once."""
