"""A prompt becomes a picture; pictures are kept by what they hold."""
