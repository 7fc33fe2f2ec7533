"""The topics of a conversation, one a file."""
