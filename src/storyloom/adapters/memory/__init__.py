"""Ports kept in this process: the embedded default, and the twins that tests use."""
