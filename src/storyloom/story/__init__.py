"""Stories: sessions that hold a script, its beats and their prompts."""
