"""The topics of a conversation, one a file. Flows name the next step, never a channel, never ready words; they never call each other's steps."""
