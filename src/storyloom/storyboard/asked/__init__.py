"""Understanding by a language model: asked with care, believed only as far as the source goes."""
