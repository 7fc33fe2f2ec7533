"""Where each conversation stands and what was said, sealed under her key."""
