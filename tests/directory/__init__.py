"""The directory: records, matching, exchange."""
