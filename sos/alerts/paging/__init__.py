"""Pages of staff about an alert: who is paged by which way, with which code, and what became of it."""
