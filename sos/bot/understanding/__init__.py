"""What a message means, offline: intent, category, language and danger. It stores, sends and logs nothing."""
