"""Who is on duty: shifts, the rota with its repeats and changes, gaps, the calendar feed."""
