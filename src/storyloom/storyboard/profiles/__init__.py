"""Customer profiles that organisations keep themselves."""
