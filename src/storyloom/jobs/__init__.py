"""Jobs: their model, their states, where they are kept and what runs them."""
