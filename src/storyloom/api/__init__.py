"""The API: an app factory and what it needs."""
