"""The database: engine, transactions, claims, wake-ups. The only package that knows which database runs."""
