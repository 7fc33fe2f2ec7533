"""What she lets others know, to whom and until when, and what becomes of it there. Nothing is readable without a consent that lives now."""
