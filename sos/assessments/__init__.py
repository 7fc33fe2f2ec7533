"""Questionnaires about what she needs, asked by a person, every question optional. Never a score, and never shown to her as one."""
