"""Beats and facts by a language model: what is asked, and what of the answers stands."""
