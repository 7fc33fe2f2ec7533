"""Who receives what in each municipality, and whether that is true tonight. Read from files; decides nothing for her."""
