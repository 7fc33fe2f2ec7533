"""Places, offline: which municipality a survivor means, and how far things are. A docstring only: nothing is re-exported here."""
