"""Telegram: webhook, polling and sending; python-telegram-bot lives here only."""
