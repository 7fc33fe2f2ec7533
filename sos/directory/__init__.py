"""Public services and how they are matched. Never knows a hidden place."""
