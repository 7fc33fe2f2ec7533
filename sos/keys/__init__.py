"""The keystore and the keys in it. Never in the database, never in its backups."""
