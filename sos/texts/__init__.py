"""The words she reads: catalogues of every language, their script, their cost as SMS, and the gate they pass before leaving."""
