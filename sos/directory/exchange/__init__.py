"""Import and export of directories: HSDS and CSV. Never writes a confidential service into a public file."""
