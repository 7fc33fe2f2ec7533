"""The vault and what nobody may learn from outside it."""
