"""Messages that came in, sealed, each once, until the worker has answered them."""
