"""Test calls to the public numbers: who really answers at night."""
