"""Films, made by the program ffmpeg."""
