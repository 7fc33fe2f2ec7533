"""The hand-over summary: drafted by a person, approved by her. What was changed after she approved it does not leave."""
