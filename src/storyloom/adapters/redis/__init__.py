"""Redis: hot state that several processes share."""
