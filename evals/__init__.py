"""Scores understandings of a small labelled set by rules: `make eval`."""
