"""Telling other services of events over HTTP: endpoints, signed deliveries, and their log."""
