"""From a beat and the bible to prompts: composed here, so that looks cannot drift."""
