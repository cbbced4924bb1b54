"""Durable execution by DBOS."""
