"""Her evidence: kept only at her wish, sealed under her key, chained by hashes, given back to her alone."""
