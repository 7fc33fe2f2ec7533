"""Check-ins: "if I do not write by 20:00" (DOMAIN 10)."""
