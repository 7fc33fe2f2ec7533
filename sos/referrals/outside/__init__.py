"""Agencies outside: a link that opens once with a second secret, and a page to print. Nothing beyond the consented fields, nothing that tells where a shelter is."""
