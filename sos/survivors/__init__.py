"""The people who write to us: their keys, addresses, words and consent. Never readable without their key."""
