"""SwarmUI: its HTTP API, and the process that it runs in."""
