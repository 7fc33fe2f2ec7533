"""The command line: the entry points of operators and machines."""
