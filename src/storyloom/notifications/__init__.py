"""Notifications: what services tell each other, until it is acknowledged."""
