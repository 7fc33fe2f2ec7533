"""Messages on their way out: a table and its claim. Never talks to a provider itself."""
