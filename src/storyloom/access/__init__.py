"""Who calls, what for, and how often: keys, organisations, scopes, rate limits."""
