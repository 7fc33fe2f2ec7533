"""When and how she may be written to unasked: her own rules, sealed under her key."""
