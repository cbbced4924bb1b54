"""The command line: a thin face over the same services as the API."""
