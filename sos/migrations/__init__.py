"""The schema, step by step; one head."""
