"""SOS: a lifeline for survivors of gender-based and domestic violence. Holds rooms; re-exports nothing."""
