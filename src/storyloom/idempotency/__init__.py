"""Requests that callers may send again: each is done once."""
