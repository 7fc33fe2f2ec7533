"""Operators, supervisors and shelter staff, and the tasks that wait for them."""
