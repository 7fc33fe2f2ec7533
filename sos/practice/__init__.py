"""Practice with simulated survivors: apart from everything real."""
