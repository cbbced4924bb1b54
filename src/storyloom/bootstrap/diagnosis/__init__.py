"""Asking every part whether it works, without starting or changing anything."""
