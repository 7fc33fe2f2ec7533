"""Who works here: aliases, roles, languages, and the way in and out. Never a person's real name."""
