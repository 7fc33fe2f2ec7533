"""Who did what, when: ids and kinds only, never words, numbers or names."""
