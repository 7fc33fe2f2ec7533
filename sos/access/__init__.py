"""Who may, and whether now: tables of permissions. What is not in them is denied."""
