"""Names that operators give to people, so that they can be found again without a name of theirs."""
