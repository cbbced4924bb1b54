"""A story's pictures, handed over: sheets, slides, archives, films and timelines."""
