"""Where she moved: under a key of its own that ends with the alert."""
