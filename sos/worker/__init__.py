"""The worker: takes the inbox, sends the outbox, fires deadlines."""
