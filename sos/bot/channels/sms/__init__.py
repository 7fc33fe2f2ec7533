"""SMS: providers, segments and the GSM alphabet."""
