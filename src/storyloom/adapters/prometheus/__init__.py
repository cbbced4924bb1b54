"""Prometheus: the figures of this process and of the system, for scraping."""
