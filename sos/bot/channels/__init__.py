"""How words travel: SMS, Telegram, web chat. Never decides what is said."""
