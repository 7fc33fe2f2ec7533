"""Confidential shelters: the place vault, units and holds. Never a word of them to anyone without a grant."""
