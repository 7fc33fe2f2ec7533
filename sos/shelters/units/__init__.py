"""The rooms and beds of a shelter, one by one. Counts follow from them and are never kept apart."""
