"""Sharing without her consent: a legal ground, two persons, a reason, and a task to tell her. Never one person alone, never the program."""
