"""Escalation of alerts: policies, who is paged when, and what happens at each deadline."""
