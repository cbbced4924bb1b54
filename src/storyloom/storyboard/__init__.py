"""A code file or a roadmap screenshot becomes an understanding, a board and a picture."""
