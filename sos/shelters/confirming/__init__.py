"""How a shelter says what is free: questions to its staff when the last word ages, and their answers."""
