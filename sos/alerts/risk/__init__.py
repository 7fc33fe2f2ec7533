"""Risk questionnaires for trained roles: scored, explained, sealed; they may raise an alert and never lower one."""
