"""From what is written to what can be filmed: beats, image decisions, the bible."""
