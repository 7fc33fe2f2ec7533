"""Grants, trainings, jobs, material help and minor repair with their dates. No money is handled and no amount kept."""
