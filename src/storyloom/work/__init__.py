"""Work of every kind in one list."""
