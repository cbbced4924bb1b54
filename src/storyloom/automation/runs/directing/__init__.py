"""The director: whoever drives a run from its script to its last picture."""
