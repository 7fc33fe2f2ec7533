"""Side-by-side measurements. Never part of a test."""
