"""Calls that leave for a provider: paid once, within a budget, and written down."""
