"""The conversation door: channels, understanding and flows."""
