"""A unit kept for one case, once, for a time. Never for two at once; a hold that ends frees its unit in the same transaction."""
