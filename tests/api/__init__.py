"""The public JSON door."""
