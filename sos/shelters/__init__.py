"""Shelters and the place vault. Never says anything of a hidden place to anyone without a grant."""
