"""The web chat: pages that work without JavaScript."""
