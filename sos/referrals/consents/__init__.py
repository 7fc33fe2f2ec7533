"""Receipts of what she agreed to: recipient, fields, purpose, until. Never without an end, never given by anyone but her."""
