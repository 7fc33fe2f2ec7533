"""Emergency safety plans of shelters: checklists with owners, dates, evidence, drills and two signatures. Never a resident's name."""
