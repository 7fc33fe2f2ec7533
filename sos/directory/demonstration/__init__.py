"""An invented directory for trying things out. Never loaded in production; holds no real service and no real number."""
