"""Matching a wish to services: pure values and arrays. Never reads a database or a clock, never sees a hidden place."""
