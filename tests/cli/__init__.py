"""Commands: wrong use is one clear line, never a traceback."""
